import type { Engine } from '../engine/protocol.ts';
import type { Clock } from '../platform/platform.ts';

/** A notice holds for half a minute at the homeserver; it is renewed well before. */
const renewMs = 10_000;
/** After this pause the person is thinking, not typing. */
const pauseMs = 5_000;

/** Who writes less than this is done before anybody has seen it. */
const beginningMs = 300;
/** A message goes out first; that it was written is told afterwards. */
const afterSendingMs = 300;

/** Tells the room that somebody types: a moment after the beginning, again while it goes on, and when it ends. */
export class Typing {
  readonly #engine: Engine;
  readonly #clock: Clock;
  #roomId: string | null = null;
  /** When the room was told last; null: it was not. */
  #toldAt: number | null = null;
  #cancelPause: () => void = () => undefined;
  #cancelBeginning: () => void = () => undefined;

  constructor(engine: Engine, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
  }

  typed(roomId: string): void {
    if (this.#roomId !== null && this.#roomId !== roomId) this.stop();
    if (this.#roomId === null) this.#begin(roomId);
    else if (this.#toldAt !== null && this.#clock.now() - this.#toldAt >= renewMs) this.#tell(roomId);
    this.#cancelPause();
    this.#cancelPause = this.#clock.after(pauseMs, () => this.stop());
  }

  stop(): void {
    this.#cancelPause();
    this.#cancelBeginning();
    if (this.#roomId !== null && this.#toldAt !== null) this.#engine.setTyping(this.#roomId, false);
    this.#roomId = null;
    this.#toldAt = null;
  }

  /** A message was sent: who sees it knows, and telling the homeserver at the same moment would delay it. */
  sent(): void {
    if (this.#toldAt === null) return this.stop();
    this.#cancelPause();
    this.#cancelPause = this.#clock.after(afterSendingMs, () => this.stop());
  }

  #begin(roomId: string): void {
    this.#roomId = roomId;
    this.#cancelBeginning = this.#clock.after(beginningMs, () => this.#tell(roomId));
  }

  #tell(roomId: string): void {
    this.#toldAt = this.#clock.now();
    this.#engine.setTyping(roomId, true);
  }
}
