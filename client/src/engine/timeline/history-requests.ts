/** What the homeserver is asked for when history is not held (client-server API, "Syncing", "Event context"). */
import { z } from 'zod';
import { parseEvent, parseEvents } from '../matrix/event-schema.ts';
import type { HomeserverApi } from '../matrix/homeserver-api.ts';
import type { HistoryPage } from './history.ts';
import { timelineEvent, type TimelineEvent } from './timeline-event.ts';

/** From the newest event on. */
export const newestToken = '';
const contextSize = 60;
const filter = JSON.stringify({ lazy_load_members: true });

const pageSchema = z.object({ chunk: z.unknown().optional(), end: z.string().nullish().catch(null) });
const contextSchema = z.object({
  event: z.unknown().optional(),
  events_before: z.unknown().optional(),
  events_after: z.unknown().optional(),
  start: z.string().nullish().catch(null),
  end: z.string().nullish().catch(null),
});

export interface EventContext {
  readonly events: readonly TimelineEvent[];
  readonly olderToken: string | null;
  readonly newerToken: string | null;
}

export async function fetchPage(
  api: HomeserverApi,
  roomId: string,
  direction: HistoryPage['direction'],
  token: string,
  limit: number,
): Promise<HistoryPage> {
  const from = token === newestToken ? {} : { from: token };
  const query = { dir: direction === 'older' ? 'b' : 'f', limit: String(limit), filter, ...from };
  const body = pageSchema.parse(await api.request('GET', `${roomPath(roomId)}/messages`, { query }));
  const events = parseEvents(body.chunk).values.map(timelineEvent);
  return { direction, events: direction === 'older' ? events.toReversed() : events, end: body.end ?? null };
}

/** @param size how many events around it, half before, half after. */
export async function fetchContext(
  api: HomeserverApi,
  roomId: string,
  eventId: string,
  size = contextSize,
): Promise<EventContext> {
  const path = `${roomPath(roomId)}/context/${encodeURIComponent(eventId)}`;
  const body = contextSchema.parse(await api.request('GET', path, { query: { limit: String(size), filter } }));
  const event = parseEvent(body.event);
  const events = [
    ...parseEvents(body.events_before).values.toReversed(),
    ...(event ? [event] : []),
    ...parseEvents(body.events_after).values,
  ];
  return { events: events.map(timelineEvent), olderToken: body.start ?? null, newerToken: body.end ?? null };
}

export async function fetchEvent(api: HomeserverApi, roomId: string, eventId: string): Promise<TimelineEvent | null> {
  const event = parseEvent(await api.request('GET', `${roomPath(roomId)}/event/${encodeURIComponent(eventId)}`));
  return event ? timelineEvent(event) : null;
}

export function roomPath(roomId: string): string {
  return `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}`;
}
