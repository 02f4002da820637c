import { createContext } from 'svelte';
import type { Attachment, RoomSnapshot, TimelineItem } from '../../engine/protocol.ts';

/** Where on the window something opened, so that what belongs to it can stand beside it. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

export type Shown =
  | { readonly kind: 'menu'; readonly item: TimelineItem; readonly name: string; readonly at: Spot }
  | { readonly kind: 'emoji'; readonly onchoose: (emoji: string) => void }
  | { readonly kind: 'delete'; readonly item: TimelineItem }
  | { readonly kind: 'alert'; readonly room: RoomSnapshot }
  | { readonly kind: 'alert-roster'; readonly roomId: string; readonly item: TimelineItem }
  | { readonly kind: 'picture'; readonly attachment: Attachment };

/** What lies over the room: one thing at a time. */
export class Overlay {
  #shown = $state.raw<Shown | null>(null);

  get shown(): Shown | null {
    return this.#shown;
  }

  show(shown: Shown): void {
    this.#shown = shown;
  }

  close(): void {
    this.#shown = null;
  }
}

export const [getOverlay, setOverlay] = createContext<Overlay>();
