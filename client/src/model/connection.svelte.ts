import type { ConnectionState } from '../engine/protocol.ts';
import type { Clock } from '../platform/platform.ts';

/** A gap shorter than this is nothing to tell. */
const patienceMs = 1_500;

/** Whether the homeserver can be reached. */
export class Connection {
  readonly #clock: Clock;
  #offlineSince = $state<number | null>(null);
  #cancel: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds since the epoch; null while all is well. */
  get offlineSince(): number | null {
    return this.#offlineSince;
  }

  apply(state: ConnectionState): void {
    this.#cancel();
    if (state !== 'offline') {
      this.#offlineSince = null;
      return;
    }
    const since = this.#clock.now();
    this.#cancel = this.#clock.after(patienceMs, () => (this.#offlineSince ??= since));
  }
}
