/** F6 goes from pane to pane, as office programs do (element-web#22674): list, messages, field to write in, details. */

/** In this order something in a pane takes the focus: its list's tab stop, its field, whatever else can. */
const starts = ['[data-roving][tabindex="0"]', 'textarea', 'input', 'button', '[tabindex="-1"]'];

/** @returns whether there was a pane to go to. */
export function goToPane(step: 1 | -1): boolean {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((pane) => startOf(pane) !== null);
  const current = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = current < 0 ? panes[0] : panes[(current + step + panes.length) % panes.length];
  const start = next ? startOf(next) : null;
  start?.focus();
  return start !== null;
}

function startOf(pane: HTMLElement): HTMLElement | null {
  for (const selector of starts) {
    const found = [...pane.querySelectorAll<HTMLElement>(selector)].find((element) => element.checkVisibility());
    if (found) return found;
  }
  return null;
}
