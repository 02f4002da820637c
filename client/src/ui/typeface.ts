/** The typeface comes after the first paint; until then the system's own is shown. */
export async function loadTypeface(): Promise<void> {
  await import('@fontsource-variable/source-sans-3/wght.css');
  document.documentElement.classList.add('has-font');
}
