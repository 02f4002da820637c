/** One device that long-polls as clients do, and counts what it is told. */
import { z } from 'zod';
import { accepted } from '../../harness/matrix/rooms.ts';
import type { MatrixSession } from '../../harness/matrix/session.ts';

const events = z.object({ events: z.array(z.object({ type: z.string() })).default([]) }).prefault({});
const syncSchema = z.object({
  next_batch: z.string(),
  rooms: z.object({ join: z.record(z.string(), z.object({ timeline: events })).default({}) }).prefault({}),
  to_device: events,
});

/** What is measured, whichever way it comes. */
export const acknowledgementType = 'de.landbote.bench.acknowledgement';

const pollMsMax = 10_000;
const filter = JSON.stringify({
  presence: { types: [] },
  account_data: { types: [] },
  room: { timeline: { limit: 100 }, state: { lazy_load_members: true }, ephemeral: { types: [] } },
});

export class Listener {
  readonly #session: MatrixSession;
  #since: string | null = null;
  #told = 0;
  #hasStopped = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(session: MatrixSession) {
    this.#session = session;
  }

  /** How many acknowledgements have come so far. */
  get told(): number {
    return this.#told;
  }

  /** Resolves when everything until now was told. */
  async begin(): Promise<void> {
    await this.#sync(0);
    this.#ended = this.#listen();
  }

  async stop(): Promise<void> {
    this.#hasStopped = true;
    await this.#ended;
  }

  async #listen(): Promise<void> {
    while (!this.#hasStopped) this.#told += await this.#sync(pollMsMax);
  }

  async #sync(timeoutMs: number): Promise<number> {
    const query = new URLSearchParams({ filter, timeout: String(timeoutMs), set_presence: 'offline' });
    if (this.#since !== null) query.set('since', this.#since);
    const answer = syncSchema.parse(accepted(await this.#session.request('GET', `/v3/sync?${query.toString()}`)));
    this.#since = answer.next_batch;
    const rooms = Object.values(answer.rooms.join).flatMap(({ timeline }) => timeline.events);
    return [...rooms, ...answer.to_device.events].filter(({ type }) => type === acknowledgementType).length;
  }
}
