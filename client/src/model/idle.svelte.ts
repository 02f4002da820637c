import type { Clock, Presence } from '../platform/platform.ts';

const idleMs = 10 * 60_000;
const warningMs = 60_000;

/** Ends the session of a shared computer that nobody touches any more. */
export class Idle {
  readonly #clock: Clock;
  readonly #presence: Presence;
  readonly #onIdle: () => void;
  #isEnding = $state(false);
  #cancel: () => void = () => undefined;

  constructor(clock: Clock, presence: Presence, onIdle: () => void) {
    this.#clock = clock;
    this.#presence = presence;
    this.#onIdle = onIdle;
  }

  /** True in the last minute. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** The time begins, and begins anew whenever somebody is there, in any tab. Returns what ends watching. */
  watch(): () => void {
    const unsubscribe = this.#presence.subscribe(() => this.#begin());
    this.#begin();
    return () => {
      unsubscribe();
      this.stop();
    };
  }

  /** Somebody is there. */
  touch(): void {
    this.#presence.announce();
    this.#begin();
  }

  #begin(): void {
    this.#cancel();
    this.#isEnding = false;
    this.#cancel = this.#clock.after(idleMs - warningMs, () => this.#warn());
  }

  stop(): void {
    this.#cancel();
    this.#isEnding = false;
  }

  #warn(): void {
    this.#isEnding = true;
    this.#cancel = this.#clock.after(warningMs, this.#onIdle);
  }
}
