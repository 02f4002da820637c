/** Pixels from the end within which the person counts as reading the newest message. */
const endMargin = 48;

export interface Scrolling {
  readonly isAtEnd: boolean;
  /** Fastens to the element that scrolls. */
  readonly attach: (element: HTMLElement) => () => void;
  /** Before the content changes: where things are. */
  readonly remember: () => void;
  /** After it changed: what was in sight stays in sight; at the end, the end does. */
  readonly keep: () => void;
  readonly toEnd: () => void;
  readonly distanceToStart: () => number;
  readonly distanceToEnd: () => number;
  /** Brings an element into sight and stops following the end. */
  readonly to: (id: string) => boolean;
}

/**
 * Keeps the place while messages come in above and below, or the window changes its height.
 * @param isWhole false while newer messages exist that are not loaded: then the end of the list is not the end.
 */
export function followEnd(isWhole: () => boolean): Scrolling {
  let element: HTMLElement | null = null;
  let isAtEnd = $state(true);
  let anchor: { id: string; top: number } | null = null;

  const toEnd = (): void => {
    if (!element) return;
    element.scrollTop = element.scrollHeight;
    isAtEnd = true;
  };

  const distanceToEnd = (): number =>
    element ? element.scrollHeight - element.scrollTop - element.clientHeight : Infinity;

  const to = (id: string): boolean => {
    const node = document.getElementById(id);
    if (!node || !element?.contains(node)) return false;
    isAtEnd = false;
    node.scrollIntoView({ block: 'center' });
    return true;
  };

  const onScroll = (): void => {
    if (!element) return;
    isAtEnd = distanceToEnd() < endMargin && isWhole();
  };

  function attach(scrolled: HTMLElement): () => void {
    element = scrolled;
    const observer = new ResizeObserver(() => isAtEnd && toEnd());
    observer.observe(scrolled);
    const content = new MutationObserver(() => {
      if (scrolled.firstElementChild) observer.observe(scrolled.firstElementChild);
    });
    content.observe(scrolled, { childList: true });
    if (scrolled.firstElementChild) observer.observe(scrolled.firstElementChild);
    scrolled.addEventListener('scroll', onScroll, { passive: true });
    toEnd();
    return () => {
      observer.disconnect();
      content.disconnect();
      scrolled.removeEventListener('scroll', onScroll);
      element = null;
    };
  }

  function remember(): void {
    const top = element?.getBoundingClientRect().top ?? 0;
    const messages = element?.querySelectorAll('article') ?? [];
    const node = [...messages].find((message) => message.getBoundingClientRect().bottom > top);
    anchor = node ? { id: node.id, top: node.getBoundingClientRect().top } : null;
  }

  function keep(): void {
    if (isAtEnd) return toEnd();
    // By id: a group that older messages join is built anew.
    const node = anchor && document.getElementById(anchor.id);
    if (element && anchor && node) element.scrollTop += node.getBoundingClientRect().top - anchor.top;
  }

  return {
    get isAtEnd() {
      return isAtEnd;
    },
    attach,
    remember,
    keep,
    toEnd,
    distanceToStart: () => element?.scrollTop ?? Infinity,
    distanceToEnd,
    to,
  };
}
