import { SvelteMap } from 'svelte/reactivity';

/** Unsent text of each room. Survives a reload and is cleared at sign-out. */
export class Drafts {
  readonly #keep: (roomId: string, text: string) => void;
  readonly #drafts = new SvelteMap<string, string>();

  /** @param keep stores a draft; an empty one is none any more */
  constructor(keep: (roomId: string, text: string) => void) {
    this.#keep = keep;
  }

  of(roomId: string): string {
    return this.#drafts.get(roomId) ?? '';
  }

  set(roomId: string, text: string): void {
    this.#drafts.set(roomId, text);
    this.#keep(roomId, text);
  }

  /** Shows what was stored, before the engine is up. */
  showStored(drafts: Readonly<Record<string, string>>): void {
    for (const [roomId, text] of Object.entries(drafts)) this.#drafts.set(roomId, text);
  }

  clear(): void {
    this.#drafts.clear();
  }
}
