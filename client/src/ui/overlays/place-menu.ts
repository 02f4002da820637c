import type { Attachment } from 'svelte/attachments';
import { openModal } from '../dialogs/modal.ts';
import type { Spot } from './overlay.svelte.ts';

const margin = 8;

/** Opens a menu at a spot, moved as far as it takes to be wholly in sight. */
export function placeMenu(at: Spot): Attachment<HTMLDialogElement> {
  return (menu) => {
    const close = openModal(menu, menu.querySelector<HTMLElement>('[role="menuitem"]'));
    // It grows when more can be done with its message.
    const sizes = new ResizeObserver(() => {
      const { width, height } = menu.getBoundingClientRect();
      menu.style.left = `${within(at.x, innerWidth - width)}px`;
      menu.style.top = `${within(at.y, innerHeight - height)}px`;
    });
    sizes.observe(menu);
    return () => {
      sizes.disconnect();
      close();
    };
  };
}

function within(position: number, most: number): number {
  return Math.max(margin, Math.min(position, most - margin));
}
