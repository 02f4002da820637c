/** What waits to be sent into one room: one after the other, so that the order holds. */
import type { Sending } from '../protocol.ts';
import type { PendingMessage } from './pending-message.ts';
import { pendingMessage, type QueueEntry } from './queue-entry.ts';
import { Pause } from '../pause.ts';
import { sendEntry, type Progress, type Sender } from './send-entry.ts';
import { isServerFault, verdictOn } from './sending-problem.ts';

export interface RoomQueueSurroundings {
  readonly sender: Sender;
  /** Stores the entry as it is now. */
  keep(entry: QueueEntry): Promise<void>;
  forget(entry: QueueEntry): Promise<void>;
  onSent(itemId: string, eventId: string): void;
  onChange(): void;
}

interface Waiting {
  entry: QueueEntry;
  sending: Sending;
  eventId: string | null;
  readonly abort: AbortController;
  readonly stored: Promise<void>;
}

export class RoomQueue {
  readonly #surroundings: RoomQueueSurroundings;
  readonly #waiting = new Map<string, Waiting>();
  readonly #pause = new Pause();
  #isRunning = false;
  #hasStopped = false;
  /** The homeserver has asked for the pause of the moment. */
  #isPauseAsked = false;

  constructor(surroundings: RoomQueueSurroundings) {
    this.#surroundings = surroundings;
  }

  get pending(): readonly PendingMessage[] {
    return [...this.#waiting.values()].map(({ entry, sending, eventId }) => pendingMessage(entry, sending, eventId));
  }

  /** @param stored settles when the entry survives a crash, or cannot be stored */
  add(entry: QueueEntry, stored: Promise<void>): void {
    const sending: Sending = entry.problem ? { state: 'failed', problem: entry.problem } : { state: 'waiting' };
    this.#waiting.set(entry.itemId, { entry, sending, eventId: null, abort: new AbortController(), stored });
    this.#surroundings.onChange();
    void this.run();
  }

  /** Tries at once what waits for the connection; what the homeserver has asked to wait goes on waiting. */
  wake(): void {
    if (!this.#isPauseAsked) this.#pause.end();
    void this.run();
  }

  retry(itemId: string): void {
    const waiting = this.#waiting.get(itemId);
    if (waiting?.sending.state !== 'failed') return;
    waiting.entry = { ...waiting.entry, problem: null };
    this.#show(waiting, { state: 'waiting' });
    void this.#surroundings.keep(waiting.entry);
    this.wake();
  }

  /** Sends again what failed for this reason, because the reason is gone. */
  retryFailed(problem: QueueEntry['problem']): void {
    for (const { entry } of this.#waiting.values()) if (entry.problem === problem) this.retry(entry.itemId);
  }

  async discard(itemId: string): Promise<void> {
    const waiting = this.#waiting.get(itemId);
    if (!waiting || waiting.eventId !== null) return;
    waiting.abort.abort();
    await this.#remove(waiting);
  }

  /** The sync has brought its event. */
  confirm(itemId: string): void {
    const waiting = this.#waiting.get(itemId);
    if (waiting) void this.#remove(waiting);
  }

  stop(): void {
    this.#hasStopped = true;
    for (const { abort } of this.#waiting.values()) abort.abort();
    this.#pause.end();
  }

  async run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (let next = this.#next(); next && !this.#hasStopped; next = this.#next()) await this.#sendUntilSettled(next);
    } finally {
      this.#isRunning = false;
    }
  }

  #next(): Waiting | undefined {
    return [...this.#waiting.values()].find(({ entry, eventId }) => eventId === null && entry.problem === null);
  }

  async #sendUntilSettled(waiting: Waiting): Promise<void> {
    let faultySince: number | null = null;
    for (let attempts = 1; this.#isWanted(waiting); attempts += 1) {
      try {
        return await this.#send(waiting);
      } catch (error) {
        if (!this.#isWanted(waiting)) return;
        faultySince = isServerFault(error) ? (faultySince ?? Date.now()) : null;
        const verdict = verdictOn(error, attempts, Date.now() - (faultySince ?? Date.now()));
        if (verdict.kind === 'failed') return this.#fail(waiting, verdict.problem);
        this.#show(waiting, { state: 'waiting' });
        this.#isPauseAsked = verdict.isAsked;
        await this.#pause.wait(verdict.milliseconds);
        this.#isPauseAsked = false;
      }
    }
  }

  async #send(waiting: Waiting): Promise<void> {
    if (waiting.entry.action.kind !== 'file') this.#show(waiting, { state: 'sending' });
    const eventId = await sendEntry(this.#surroundings.sender, waiting.entry, this.#progressOf(waiting));
    waiting.eventId = eventId;
    this.#surroundings.onSent(waiting.entry.itemId, eventId);
    this.#show(waiting, { state: 'sent' });
    // The homeserver has it: it must not be sent again after a restart, whether or not the sync has brought it.
    await this.#surroundings.forget(waiting.entry);
  }

  #progressOf(waiting: Waiting): Progress {
    return {
      signal: waiting.abort.signal,
      stored: waiting.stored,
      onUploading: (sentBytes, totalBytes) => this.#show(waiting, { state: 'uploading', sentBytes, totalBytes }),
      onUploaded: async (content) => {
        if (waiting.entry.action.kind !== 'file') return;
        waiting.entry = { ...waiting.entry, action: { ...waiting.entry.action, uploaded: { ...content } } };
        await this.#surroundings.keep(waiting.entry);
        this.#show(waiting, { state: 'sending' });
      },
    };
  }

  #fail(waiting: Waiting, problem: NonNullable<QueueEntry['problem']>): void {
    waiting.entry = { ...waiting.entry, problem };
    this.#show(waiting, { state: 'failed', problem });
    void this.#surroundings.keep(waiting.entry);
  }

  #show(waiting: Waiting, sending: Sending): void {
    waiting.sending = sending;
    this.#surroundings.onChange();
  }

  #isWanted(waiting: Waiting): boolean {
    return !this.#hasStopped && this.#waiting.get(waiting.entry.itemId) === waiting;
  }

  async #remove(waiting: Waiting): Promise<void> {
    this.#waiting.delete(waiting.entry.itemId);
    this.#surroundings.onChange();
    await this.#surroundings.forget(waiting.entry);
  }
}
