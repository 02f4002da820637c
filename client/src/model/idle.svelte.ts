import type { Clock } from '../platform/platform.ts';

const idleMs = 10 * 60_000;
const warningMs = 60_000;

/** Ends the session of a shared computer that nobody touches any more. */
export class Idle {
  readonly #clock: Clock;
  readonly #onIdle: () => void;
  #isEnding = $state(false);
  #cancel: () => void = () => undefined;

  constructor(clock: Clock, onIdle: () => void) {
    this.#clock = clock;
    this.#onIdle = onIdle;
  }

  /** True in the last minute. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** Somebody is there: the time begins anew. */
  touch(): void {
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
