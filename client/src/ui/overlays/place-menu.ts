import type { Attachment } from 'svelte/attachments';
import type { Spot } from './overlay.svelte.ts';

const margin = 8;

/** Opens a menu at a spot, moved as far as it takes to be wholly in sight. */
export function placeMenu(at: Spot): Attachment<HTMLDialogElement> {
  return (menu) => {
    menu.showModal();
    const { width, height } = menu.getBoundingClientRect();
    menu.style.left = `${within(at.x, innerWidth - width)}px`;
    menu.style.top = `${within(at.y, innerHeight - height)}px`;
    menu.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
    return () => menu.close();
  };
}

function within(position: number, most: number): number {
  return Math.max(margin, Math.min(position, most - margin));
}
