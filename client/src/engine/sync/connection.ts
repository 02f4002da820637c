/** One connection of sliding sync: asks, hands over, asks again; never more than one request in flight. */
import { Pause } from '../pause.ts';
import { HomeserverError, type HomeserverApi } from '../matrix/homeserver-api.ts';

const path = '/_matrix/client/unstable/org.matrix.simplified_msc3575/sync';
const pollMs = 30_000;
/** How long after the server should have answered a request counts as lost. */
const graceMs = 15_000;
const firstPauseMs = 500;
/** While somebody looks at the client, and while nobody does: most of a state's many clients are not looked at. */
const longestPauseMs = { watched: 8_000, unwatched: 60_000 };
/** However long a server asks for. */
const longestAskedPauseMs = 60_000;

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
  readonly #isWatched: () => boolean;
  readonly #pause = new Pause();
  #pos: string | null;
  #failures = 0;
  #hasStopped = false;
  #abort = new AbortController();
  #askedAt = 0;
  #isPauseAsked = false;

  /** @param isWatched whether anybody looks at the client */
  constructor(
    api: HomeserverApi,
    id: string,
    pos: string | null,
    handler: ConnectionHandler,
    isWatched: () => boolean = () => true,
  ) {
    this.#api = api;
    this.#id = id;
    this.#pos = pos;
    this.#handler = handler;
    this.#isWatched = isWatched;
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
    this.#abort.abort(new WokenError());
    this.hurry();
  }

  /**
   * Somebody wants to see news now: does not wait for the next try, unless the server has asked for it. A request that
   * is under way goes on, except one that is older than any answer: the device has slept.
   */
  hurry(): void {
    if (Date.now() - this.#askedAt > pollMs + graceMs) this.#abort.abort(new WokenError());
    if (this.#isPauseAsked) return;
    this.#failures = Math.min(this.#failures, 1);
    this.#pause.end();
  }

  stop(): void {
    this.#hasStopped = true;
    this.#abort.abort(new WokenError());
    this.#pause.end();
  }

  async #exchange(): Promise<void> {
    const { body, isWaiting } = this.#handler.ask();
    // After a failure the server is to say at once that it is there, not when there is news.
    const timeoutMs = isWaiting && this.#failures === 0 ? pollMs : 0;
    this.#abort = new AbortController();
    this.#askedAt = Date.now();
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
      return this.#pause.wait(jitter(firstPauseMs));
    }
    this.#failures += 1;
    this.#handler.onState(false);
    // Whoever hears of the state may have stopped this.
    if (!this.#hasStopped) await this.#pauseAfter(error);
  }

  async #pauseAfter(error: unknown): Promise<void> {
    const askedMs = error instanceof HomeserverError ? error.retryAfterMs : null;
    this.#isPauseAsked = askedMs !== null;
    await this.#pause.wait(askedMs === null ? this.#backOffMs() : Math.min(longestAskedPauseMs, askedMs));
    this.#isPauseAsked = false;
  }

  /** Doubles up to the longest. */
  #backOffMs(): number {
    const longestMs = this.#isWatched() ? longestPauseMs.watched : longestPauseMs.unwatched;
    return jitter(Math.min(longestMs, firstPauseMs * 2 ** (this.#failures - 1)));
  }
}

/** Not a failure: somebody wants the request made anew. */
class WokenError extends Error {}

/** Clients that a restart of the server has cut off together must not come back together. */
function jitter(milliseconds: number): number {
  return milliseconds * (0.5 + Math.random() / 2);
}
