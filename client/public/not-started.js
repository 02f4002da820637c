// First in the page: where a script of this build cannot be loaded or run, index.html says so at once.
addEventListener(
  'error',
  ({ target }) => {
    if (target === window || target instanceof HTMLScriptElement) document.documentElement.classList.add('has-failed');
  },
  true,
);
