import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { History } from './history.ts';
import { eventsBetween } from './test-events.ts';
import type { TimelineEvent } from './timeline-event.ts';

/** A server whose tokens are positions between events. */
class SimulatedServer {
  length = 0;

  /** @param confirmed how many events the client has confirmed to have. */
  sync(confirmed: number, limit: number, isInitial: boolean) {
    const from = isInitial ? Math.max(0, this.length - limit) : Math.max(confirmed, this.length - limit);
    const isLimited = from > (isInitial ? 0 : confirmed);
    return {
      events: eventsBetween(from, this.length),
      mayHaveGap: isLimited || isInitial,
      previousBatch: from > 0 ? String(from) : null,
    };
  }

  page(direction: 'older' | 'newer', token: string, limit: number) {
    const at = Number(token);
    const [from, to] = direction === 'older' ? [Math.max(0, at - limit), at] : [at, Math.min(this.length, at + limit)];
    const end = direction === 'older' ? from : to;
    const isOver = direction === 'older' ? from === 0 : to === this.length;
    return { direction, events: eventsBetween(from, to), end: isOver ? null : String(end) };
  }

  context(position: number, around: number) {
    const from = Math.max(0, position - around);
    const to = Math.min(this.length, position + around + 1);
    return { events: eventsBetween(from, to), older: from > 0 ? String(from) : null, newer: String(to) };
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('send' as const), count: fc.integer({ min: 1, max: 30 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('sync' as const),
      limit: fc.integer({ min: 1, max: 12 }),
      /** The answer is applied, but the server does not learn of it: it comes again. */
      isConfirmed: fc.boolean(),
      /** The answer never arrives. */
      isLost: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'forget' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('older' as const),
      chunk: fc.nat(),
      limit: fc.integer({ min: 0, max: 15 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('newer' as const),
      chunk: fc.nat(),
      limit: fc.integer({ min: 1, max: 15 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('context' as const),
      at: fc.nat(),
      around: fc.integer({ min: 0, max: 4 }),
    }),
  },
);

class Client {
  history = new History();
  readonly #server: SimulatedServer;
  #confirmed = 0;
  #isInitial = true;

  constructor(server: SimulatedServer) {
    this.#server = server;
  }

  sync(limit: number, isConfirmed: boolean, isLost: boolean): void {
    const answer = this.#server.sync(this.#confirmed, limit, this.#isInitial);
    if (isLost) return;
    this.history.addSynced(answer);
    if (!isConfirmed) return;
    this.#confirmed = this.#server.length;
    this.#isInitial = false;
  }

  /** The server has lost the connection's position. */
  forget(): void {
    this.#isInitial = true;
  }

  restart(): void {
    this.history = new History(structuredClone(this.history.chunks));
  }

  page(direction: 'older' | 'newer', which: number, limit: number): void {
    const chunk = this.history.chunks[which % this.history.chunks.length];
    const token = direction === 'older' ? chunk?.olderToken : chunk?.newerToken;
    if (chunk && token) this.history.addPage(chunk, this.#server.page(direction, token, limit));
  }

  context(position: number, around: number): void {
    if (this.#server.length === 0) return;
    const { events, older, newer } = this.#server.context(position % this.#server.length, around);
    this.history.addContext(events, older, newer);
  }

  /** Scrolls back to the beginning from the newest message. */
  fill(): void {
    for (let token = this.history.live?.olderToken; token; token = this.history.live?.olderToken) {
      if (this.history.live) this.history.addPage(this.history.live, this.#server.page('older', token, 10));
    }
  }
}

function perform(
  client: Client,
  server: SimulatedServer,
  action: typeof step extends fc.Arbitrary<infer T> ? T : never,
): void {
  switch (action.kind) {
    case 'send':
      server.length += action.count;
      break;
    case 'sync':
      client.sync(action.limit, action.isConfirmed, action.isLost);
      break;
    case 'forget':
      client.forget();
      break;
    case 'restart':
      client.restart();
      break;
    case 'context':
      client.context(action.at, action.around);
      break;
    case 'older':
    case 'newer':
      client.page(action.kind, action.chunk, action.limit);
      break;
  }
}

const idsOf = (events: readonly TimelineEvent[]): string[] => events.map(({ id }) => id);

describe('History', () => {
  it('equals the history of the server once the gaps are filled, whatever was limited, repeated, lost or restarted', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const server = new SimulatedServer();
        const client = new Client(server);
        for (const action of steps) perform(client, server, action);
        client.sync(10, true, false);
        client.fill();
        expect(idsOf(client.history.live?.events ?? [])).toEqual(idsOf(eventsBetween(0, server.length)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('holds no event twice and only consecutive ones in a chunk, at any time', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const server = new SimulatedServer();
        const client = new Client(server);
        for (const action of steps) {
          perform(client, server, action);
          for (const { events } of client.history.chunks) {
            const first = events[0]?.sentAt ?? 0;
            expect(idsOf(events)).toEqual(idsOf(eventsBetween(first, first + events.length)));
          }
          const all = client.history.chunks.flatMap(({ events }) => idsOf(events));
          expect(new Set(all).size).toBe(all.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps what it has when an answer leaves out events in between', () => {
    const history = new History();
    history.addSynced({ events: eventsBetween(0, 5), mayHaveGap: true, previousBatch: null });
    history.addSynced({ events: eventsBetween(9, 12), mayHaveGap: true, previousBatch: '9' });
    expect(history.chunks.map(({ events }) => events.length)).toEqual([5, 3]);
    expect(history.live?.olderToken).toBe('9');
  });

  it('puts what the sync brings behind the newest event, also what was loaded around an event before', () => {
    const history = new History();
    history.addSynced({ events: eventsBetween(0, 1), mayHaveGap: true, previousBatch: null });
    history.addContext(eventsBetween(1, 2), '1', '2');
    history.addSynced({ events: eventsBetween(1, 3), mayHaveGap: false, previousBatch: null });
    expect(idsOf(history.live?.events ?? [])).toEqual(['$0', '$1', '$2']);
  });

  it('goes on behind a page that is empty but has an end', () => {
    const history = new History();
    history.addSynced({ events: eventsBetween(4, 6), mayHaveGap: true, previousBatch: '4' });
    const { live } = history;
    if (!live) throw new Error('no live chunk');
    history.addPage(live, { direction: 'older', events: [], end: '3' });
    expect(live.olderToken).toBe('3');
  });
});
