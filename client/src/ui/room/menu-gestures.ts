import type { Attachment } from 'svelte/attachments';
import type { Spot } from '../overlays/overlay.svelte.ts';

const longPressMs = 450;
const slackPx = 10;

/**
 * Opens a message's menu: Enter or the menu key, a right click, a long press of a finger. Listens at the list that
 * holds the messages: seven listeners for each of them would make long histories slow.
 * @param open called with the message's element
 */
export function menuGestures(open: (message: HTMLElement, at: Spot) => void): Attachment<HTMLElement> {
  return (list) => {
    const listening = new AbortController();
    const { signal } = listening;
    let press: { at: Spot; timer: ReturnType<typeof setTimeout> } | null = null;
    const release = (): void => {
      if (press) clearTimeout(press.timer);
      press = null;
    };
    const on = <K extends keyof HTMLElementEventMap>(
      type: K,
      handle: (event: HTMLElementEventMap[K], message: HTMLElement) => void,
    ): void =>
      list.addEventListener(
        type,
        (event) => {
          const message = messageOf(event.target);
          if (message) handle(event, message);
        },
        { signal },
      );

    on('keydown', (event, message) => {
      if (event.target !== message || event.key !== 'Enter') return;
      event.preventDefault();
      open(message, below(message));
    });
    on('contextmenu', (event, message) => {
      if (hasSelection() || isLink(event.target)) return;
      event.preventDefault();
      // The menu key names no place; Chromium gives the corner of the window.
      open(
        message,
        event.clientX + event.clientY > 0 && event.button === 2
          ? { x: event.clientX, y: event.clientY }
          : below(message),
      );
    });
    on('pointerdown', (event, message) => {
      if (event.pointerType !== 'touch') return;
      const at = { x: event.clientX, y: event.clientY };
      press = { at, timer: setTimeout(() => open(message, at), longPressMs) };
    });
    on('pointermove', (event) => {
      if (press && Math.hypot(event.clientX - press.at.x, event.clientY - press.at.y) > slackPx) release();
    });
    on('pointerup', release);
    on('pointercancel', release);
    return () => {
      release();
      listening.abort();
    };
  };
}

function messageOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest('article') : null;
}

function below(message: HTMLElement): Spot {
  const { left, bottom } = message.getBoundingClientRect();
  return { x: left, y: bottom + 4 };
}

function hasSelection(): boolean {
  return (getSelection()?.toString() ?? '') !== '';
}

function isLink(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a') !== null;
}
