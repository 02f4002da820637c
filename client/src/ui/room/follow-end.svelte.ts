/** Pixels from the end within which the person counts as reading the newest message. */
const endMargin = 48;

/** A message in sight, and how far below the upper edge of what scrolls it stands. */
interface Anchor {
  readonly id: string;
  readonly top: number;
}

export interface Scrolling {
  readonly isAtEnd: boolean;
  /** Which way the person has scrolled last; what comes in above or below counts for nothing. */
  readonly heading: 'older' | 'newer';
  /** Fastens to the element that scrolls. */
  readonly attach: (element: HTMLElement) => () => void;
  /** Before the content changes: where things are. */
  readonly remember: () => void;
  /** After it changed: what was in sight stays in sight; at the end, the end does. */
  readonly keep: () => void;
  readonly toEnd: () => void;
  readonly distanceToStart: () => number;
  readonly distanceToEnd: () => number;
  /** Brings an element into sight; unless that is at the end, the end is not followed any more. */
  readonly to: (id: string) => boolean;
}

/**
 * Keeps the place while messages come in above and below, pictures and names arrive, or the window changes its size.
 * @param isWhole false while newer messages exist that are not loaded: then the end of the list is not the end.
 * @param onMoved called after the person, or the content, has moved what is in sight
 */
export function followEnd(isWhole: () => boolean, onMoved: () => void): Scrolling {
  let element: HTMLElement | null = null;
  let heading: Scrolling['heading'] = 'older';
  let top = 0;
  let isAtEnd = $state(true);
  let anchor: Anchor | null = null;
  let focusedId = '';

  const toEnd = (): void => {
    if (!element) return;
    moveTo(element.scrollHeight);
    isAtEnd = true;
  };

  const distanceToEnd = (): number =>
    element ? element.scrollHeight - element.scrollTop - element.clientHeight : Infinity;

  const to = (id: string): boolean => {
    const node = document.getElementById(id);
    if (!node || !element?.contains(node)) return false;
    node.scrollIntoView({ block: 'center' });
    onScroll();
    return true;
  };

  function onScroll(): void {
    const before = top;
    top = element?.scrollTop ?? 0;
    if (top !== before) heading = top < before ? 'older' : 'newer';
    isAtEnd = distanceToEnd() < endMargin && isWhole();
    remember();
    onMoved();
  }

  function moveTo(wanted: number): void {
    if (!element) return;
    element.scrollTop = wanted;
    top = element.scrollTop;
  }

  function attach(scrolled: HTMLElement): () => void {
    element = scrolled;
    // Called after layout and before painting: whatever has grown, nobody sees it move.
    const sizes = new ResizeObserver(keep);
    const watchContent = (): void => {
      sizes.disconnect();
      for (const part of [scrolled, ...scrolled.children]) sizes.observe(part);
    };
    const content = new MutationObserver(watchContent);
    content.observe(scrolled, { childList: true });
    watchContent();
    scrolled.addEventListener('scroll', onScroll, { passive: true });
    toEnd();
    return () => {
      sizes.disconnect();
      content.disconnect();
      scrolled.removeEventListener('scroll', onScroll);
      element = null;
    };
  }

  function remember(): void {
    anchor = element && anchorIn(element);
    focusedId = element?.contains(document.activeElement) === true ? (document.activeElement?.id ?? '') : '';
  }

  function keep(): void {
    if (!element) return;
    if (isAtEnd) toEnd();
    // By id: a group that older messages join is built anew.
    else if (anchor) {
      const moved = topOf(element, document.getElementById(anchor.id), anchor.top) - anchor.top;
      if (moved !== 0) moveTo(element.scrollTop + moved);
    }
    if (document.activeElement === document.body && focusedId !== '')
      document.getElementById(focusedId)?.focus({ preventScroll: true });
  }

  return {
    get isAtEnd() {
      return isAtEnd;
    },
    get heading() {
      return heading;
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

/** The first message that is in sight from its beginning; one that is taller than the window counts too. */
function anchorIn(scrolled: HTMLElement): Anchor | null {
  const messages = [...scrolled.querySelectorAll('article')];
  const node = messages[firstWhere(messages, (message) => topOf(scrolled, message, 0) >= 0)] ?? messages.at(-1);
  return node ? { id: node.id, top: topOf(scrolled, node, 0) } : null;
}

function topOf(scrolled: HTMLElement, node: HTMLElement | null, otherwise: number): number {
  return node ? node.getBoundingClientRect().top - scrolled.getBoundingClientRect().top : otherwise;
}

/** Position of the first of what fits, where everything after it fits too. */
function firstWhere<T>(list: readonly T[], fits: (item: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const item = list[middle];
    if (item !== undefined && fits(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
