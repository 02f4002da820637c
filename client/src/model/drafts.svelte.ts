import { SvelteMap } from 'svelte/reactivity';
import type { KeyValues } from '../platform/platform.ts';

const prefix = 'draft ';

/** Unsent text of each room. Survives a reload and is cleared at sign-out; on a shared computer it is only held in memory. */
export class Drafts {
  readonly #storage: KeyValues;
  readonly #isSharedComputer: () => boolean;
  readonly #drafts = new SvelteMap<string, string>();

  constructor(storage: KeyValues, isSharedComputer: () => boolean) {
    this.#storage = storage;
    this.#isSharedComputer = isSharedComputer;
  }

  of(roomId: string): string {
    return this.#drafts.get(roomId) ?? this.#storage.get(prefix + roomId) ?? '';
  }

  set(roomId: string, text: string): void {
    this.#drafts.set(roomId, text);
    if (text === '') this.#storage.remove(prefix + roomId);
    else if (!this.#isSharedComputer()) this.#storage.set(prefix + roomId, text);
  }

  clear(): void {
    this.#drafts.clear();
    this.#storage.clear();
  }
}
