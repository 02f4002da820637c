/**
 * What a person's client is told: `/sync`, reduced to what tests look at.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { accepted } from './rooms.ts';
import type { MatrixSession } from './session.ts';

const eventSchema = z.object({
  type: z.string(),
  sender: z.string().optional(),
  event_id: z.string().optional(),
  content: z.record(z.string(), z.unknown()),
});
type SyncedEvent = z.infer<typeof eventSchema>;

const events = z.object({ events: z.array(eventSchema).default([]) }).default({ events: [] });

const syncSchema = z.object({
  next_batch: z.string(),
  rooms: z
    .object({
      invite: z.record(z.string(), z.unknown()).default({}),
      join: z.record(z.string(), z.object({ timeline: events, state: events, ephemeral: events })).default({}),
    })
    .default({ invite: {}, join: {} }),
  to_device: events,
});

/** Everything new since a point in time. */
export interface News {
  readonly nextBatch: string;
  readonly invitedRooms: readonly string[];
  /** Of all rooms: messages, state, typing and receipts. */
  readonly roomEvents: readonly SyncedEvent[];
  readonly toDevice: readonly SyncedEvent[];
}

const sentinelType = 'de.landbote.test.sentinel';

/** Limits what the first sync brings along. */
const filter = JSON.stringify({ room: { timeline: { limit: 50 }, state: { lazy_load_members: true } } });

async function sync(session: MatrixSession, since: string | null, timeoutMs: number): Promise<News> {
  const query = new URLSearchParams({ filter, timeout: String(timeoutMs), ...(since !== null && { since }) });
  const body = syncSchema.parse(accepted(await session.request('GET', `/v3/sync?${query.toString()}`)));
  const rooms = Object.values(body.rooms.join);
  return {
    nextBatch: body.next_batch,
    invitedRooms: Object.keys(body.rooms.invite),
    roomEvents: rooms.flatMap(({ timeline, state, ephemeral }) =>
      timeline.events.concat(state.events, ephemeral.events),
    ),
    toDevice: body.to_device.events,
  };
}

/** The point in time from which news are asked for. */
export async function currentPosition(session: MatrixSession): Promise<string> {
  return (await sync(session, null, 0)).nextBatch;
}

/**
 * News until `arrived` says that what was waited for is there.
 * Throws after 15 answers without it (each waits up to 3 s).
 */
export async function newsUntil(
  session: MatrixSession,
  since: string,
  arrived: (news: News) => boolean,
): Promise<News> {
  let news: News = { nextBatch: since, invitedRooms: [], roomEvents: [], toDevice: [] };
  for (let answers = 0; answers < 15; answers += 1) {
    news = merge(news, await sync(session, news.nextBatch, 3_000));
    if (arrived(news)) return news;
  }
  throw new Error(`what ${session.userId} waits for did not come with 15 answers of /sync`);
}

/**
 * All news up to now. A message that the person sends to the own device comes last and proves that whatever
 * happened before it would have been told.
 */
export async function newsUpToNow(session: MatrixSession, since: string): Promise<News> {
  const mark = randomUUID();
  const messages = { [session.userId]: { '*': { mark } } };
  accepted(await session.request('PUT', `/v3/sendToDevice/${sentinelType}/${mark}`, { messages }));
  const isSentinel = (event: SyncedEvent): boolean => event.type === sentinelType;
  const news = await newsUntil(session, since, ({ toDevice }) =>
    toDevice.some((event) => isSentinel(event) && event.content['mark'] === mark),
  );
  return { ...news, toDevice: news.toDevice.filter((event) => !isSentinel(event)) };
}

function merge(earlier: News, later: News): News {
  return {
    nextBatch: later.nextBatch,
    invitedRooms: [...earlier.invitedRooms, ...later.invitedRooms],
    roomEvents: [...earlier.roomEvents, ...later.roomEvents],
    toDevice: [...earlier.toDevice, ...later.toDevice],
  };
}
