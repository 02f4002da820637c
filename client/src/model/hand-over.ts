import type { Engine, OutgoingMessage } from '../engine/protocol.ts';
import type { KeyValues } from '../platform/platform.ts';

/** Named anew whenever the form of what is kept changes. */
const key = 'handed-over-1';

interface Handed {
  readonly command: 'sendMessage' | 'edit';
  readonly roomId: string;
  readonly itemId: string;
  readonly message: OutgoingMessage;
}

/**
 * What was written, on its way from the page to the engine's store: kept by the page until the engine has it, because
 * a reload ends both in the same moment. Handing it over again is safe: an item is sent once.
 */
export class HandOver {
  readonly #engine: Pick<Engine, Handed['command']>;
  readonly #storage: KeyValues;
  readonly #isSharedComputer: () => boolean;
  #waiting: readonly Handed[];

  constructor(engine: Pick<Engine, Handed['command']>, storage: KeyValues, isSharedComputer: () => boolean) {
    this.#engine = engine;
    this.#storage = storage;
    this.#isSharedComputer = isSharedComputer;
    this.#waiting = parse(storage.get(key));
  }

  give(command: Handed['command'], roomId: string, itemId: string, message: OutgoingMessage): void {
    const handed = { command, roomId, itemId, message };
    this.#keep([...this.#waiting, handed]);
    void this.#give(handed);
  }

  /** Gives what an engine that has ended may not have stored. */
  giveAgain(): void {
    for (const handed of this.#waiting) void this.#give(handed);
  }

  clear(): void {
    this.#keep([]);
  }

  async #give(handed: Handed): Promise<void> {
    const { command, roomId, itemId, message } = handed;
    const stored = await this.#engine[command](roomId, itemId, message);
    if (stored.ok) this.#keep(this.#waiting.filter((other) => other !== handed));
  }

  #keep(waiting: readonly Handed[]): void {
    this.#waiting = waiting;
    if (waiting.length === 0) this.#storage.remove(key);
    else if (!this.#isSharedComputer()) this.#storage.set(key, JSON.stringify(waiting));
  }
}

/** Only this client writes it, and the key tells the form. */
function parse(stored: string | null): readonly Handed[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return stored === null ? [] : (JSON.parse(stored) as readonly Handed[]);
}
