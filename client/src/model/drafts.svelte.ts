import { SvelteMap } from 'svelte/reactivity';
import type { KeyValues } from '../platform/platform.ts';

/** Unsent text of each room. Lives as long as the tab and is cleared at sign-out. */
export class Drafts {
  readonly #storage: KeyValues;
  readonly #drafts = new SvelteMap<string, string>();

  constructor(storage: KeyValues) {
    this.#storage = storage;
  }

  of(roomId: string): string {
    return this.#drafts.get(roomId) ?? this.#storage.get(`draft ${roomId}`) ?? '';
  }

  set(roomId: string, text: string): void {
    this.#drafts.set(roomId, text);
    if (text === '') this.#storage.remove(`draft ${roomId}`);
    else this.#storage.set(`draft ${roomId}`, text);
  }

  clear(): void {
    this.#drafts.clear();
    this.#storage.clear();
  }
}
