import type { Attachment } from 'svelte/attachments';

const itemSelector = '[data-roving]';

/**
 * Makes a list one tab stop: arrow keys, Home and End move inside (ARIA Authoring Practices, "roving tabindex").
 * Items are rendered with `tabindex="-1" data-roving`; the stop is kept when items come and go.
 * Links inside an item can be reached from the item that is the stop.
 * @param start which item takes the focus first: the newest message is the last one.
 * @param axis `both` for items that stand beside each other: left and right move as well.
 */
export function roving(
  start: 'first' | 'last' = 'first',
  axis: 'vertical' | 'both' = 'vertical',
): Attachment<HTMLElement> {
  return (list) => {
    const items = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>(itemSelector)].filter(isShown);
    const setStop = (): void => {
      const all = items();
      const held =
        all.find((item) => item === document.activeElement) ?? all.find((item) => item.ariaCurrent === 'page');
      const stop = held ?? (start === 'first' ? all[0] : all.at(-1));
      for (const item of all) item.tabIndex = item === stop ? 0 : -1;
      for (const link of list.querySelectorAll('a')) {
        if (!link.matches(itemSelector)) link.tabIndex = stop?.contains(link) === true ? 0 : -1;
      }
    };
    const onKey = (event: KeyboardEvent): void => {
      const next = target(items(), event, axis === 'both');
      if (!next) return;
      event.preventDefault();
      next.focus();
    };
    const observer = new MutationObserver(setStop);
    observer.observe(list, { childList: true, subtree: true, attributeFilter: ['aria-current', 'hidden'] });
    list.addEventListener('keydown', onKey);
    list.addEventListener('focusin', setStop);
    setStop();
    return () => {
      observer.disconnect();
      list.removeEventListener('keydown', onKey);
      list.removeEventListener('focusin', setStop);
    };
  };
}

function target(items: readonly HTMLElement[], event: KeyboardEvent, isGrid: boolean): HTMLElement | undefined {
  const position = items.findIndex((item) => item === event.target);
  if (position < 0) return undefined;
  const row = isGrid ? itemsInRow(items) : 1;
  const positions: Readonly<Record<string, number>> = {
    ArrowDown: Math.min(position + row, items.length - 1),
    ArrowUp: Math.max(position - row, 0),
    ...(isGrid && { ArrowRight: Math.min(position + 1, items.length - 1), ArrowLeft: Math.max(position - 1, 0) }),
    Home: 0,
    End: items.length - 1,
  };
  const next = positions[event.key];
  return next === undefined ? undefined : items[next];
}

/** Lists hide parts of them by this attribute alone; asking the browser what is shown would make it lay out the page. */
function isShown(item: HTMLElement): boolean {
  return item.closest('[hidden]') === null;
}

function itemsInRow(items: readonly HTMLElement[]): number {
  const top = items[0]?.offsetTop;
  const next = items.findIndex((item) => item.offsetTop !== top);
  return next < 0 ? items.length : next;
}
