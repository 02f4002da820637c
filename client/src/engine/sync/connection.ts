/** One connection of sliding sync: asks, hands over, asks again; never more than one request in flight. */
import { HomeserverError, type HomeserverApi } from '../matrix/homeserver-api.ts';

const path = '/_matrix/client/unstable/org.matrix.simplified_msc3575/sync';
const pollMs = 30_000;
/** How long after the server should have answered a request counts as lost. */
const graceMs = 15_000;
const firstPauseMs = 500;
const longestPauseMs = 30_000;

export interface ConnectionHandler {
  /** What to ask, besides `pos`. `isWaiting`: the server may wait for news before it answers. */
  ask(): { readonly body: object; readonly isWaiting: boolean };
  /**
   * Takes and stores one answer; the next request confirms it to the server. If it throws, the same `pos` is asked
   * again. @returns the new `pos`.
   */
  receive(body: unknown, wasFirst: boolean): Promise<string>;
  /** The server has forgotten the connection; it begins anew. */
  restart(): Promise<void>;
  onState(isOnline: boolean): void;
}

export class Connection {
  readonly #api: HomeserverApi;
  readonly #id: string;
  readonly #handler: ConnectionHandler;
  #pos: string | null;
  #failures = 0;
  #hasStopped = false;
  #abort = new AbortController();
  #endPause: () => void = () => undefined;

  constructor(api: HomeserverApi, id: string, pos: string | null, handler: ConnectionHandler) {
    this.#api = api;
    this.#id = id;
    this.#pos = pos;
    this.#handler = handler;
  }

  async run(): Promise<void> {
    while (!this.#hasStopped) {
      try {
        await this.#exchange();
        this.#failures = 0;
        this.#handler.onState(true);
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  /** Tries at once, and gives up a request whose network may be gone. */
  wake(): void {
    this.#failures = 0;
    this.#abort.abort(new WokenError());
    this.#endPause();
  }

  stop(): void {
    this.#hasStopped = true;
    this.wake();
  }

  async #exchange(): Promise<void> {
    const { body, isWaiting } = this.#handler.ask();
    const timeoutMs = isWaiting ? pollMs : 0;
    this.#abort = new AbortController();
    const answer = await this.#api.request('POST', path, {
      query: { timeout: String(timeoutMs), ...(this.#pos === null ? {} : { pos: this.#pos }) },
      body: { conn_id: this.#id, ...body },
      signal: this.#abort.signal,
      deadlineMs: timeoutMs + graceMs,
    });
    if (this.#hasStopped) return;
    this.#pos = await this.#handler.receive(answer, this.#pos === null);
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#hasStopped || error instanceof WokenError) return;
    if (error instanceof HomeserverError && error.errcode === 'M_UNKNOWN_POS') {
      this.#pos = null;
      await this.#handler.restart();
      // Not at once: a server that forgets at every request must not be asked without end.
      return this.#pause(jitter(firstPauseMs));
    }
    this.#failures += 1;
    this.#handler.onState(false);
    await this.#pause(pauseAfter(error, this.#failures));
  }

  #pause(milliseconds: number): Promise<void> {
    if (this.#hasStopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Not a failure: somebody wants the request made anew. */
class WokenError extends Error {}

function pauseAfter(error: unknown, failures: number): number {
  if (error instanceof HomeserverError && error.retryAfterMs !== null) {
    return Math.min(longestPauseMs, error.retryAfterMs);
  }
  return jitter(Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1)));
}

/** Clients that a restart of the server has cut off together must not come back together. */
function jitter(milliseconds: number): number {
  return milliseconds * (0.5 + Math.random() / 2);
}
