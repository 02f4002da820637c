/** Fetches what lies beyond the ends of a chunk and puts it into the timeline. */
import type { HomeserverApi } from '../matrix/homeserver-api.ts';
import type { Chunk } from './chunk.ts';
import type { HistoryPage } from './history.ts';
import { fetchContext, fetchPage } from './history-requests.ts';
import type { RoomTimeline } from './room-timeline.ts';

/** Events to a page, unless told. */
const usualSize = 100;
/** Pages may be empty although history goes on (retention, rejected events); so many are passed over at once. */
const mostPages = 10;

/**
 * Loads until the chunk around the event has at least one more event on that side, or its end is reached.
 * @param eventId null: the newest chunk, which may hold no event yet
 */
export async function loadBeyond(
  api: HomeserverApi,
  timeline: RoomTimeline,
  eventId: string | null,
  direction: HistoryPage['direction'],
  pageSize = usualSize,
): Promise<void> {
  for (let pages = 0; pages < mostPages; pages += 1) {
    const chunk = eventId === null ? timeline.history.live : timeline.history.chunkOf(eventId);
    const token = chunk && (direction === 'older' ? chunk.olderToken : await newerToken(api, timeline, chunk));
    if (!chunk || token === null) return;
    const before = edgeOf(chunk, direction);
    const page = await fetchPage(api, timeline.roomId, direction, token, pageSize);
    if (!isStill(timeline, chunk, direction, token)) continue;
    timeline.addPage(chunk, page);
    if (edgeOf(chunk, direction) !== before || (direction === 'newer' && page.end === null)) return;
  }
}

/** Null: nothing is newer. After a gap nobody has told how it goes on; the last event's context does. */
async function newerToken(api: HomeserverApi, timeline: RoomTimeline, chunk: Chunk): Promise<string | null> {
  const last = chunk.events.at(-1);
  if (chunk.isLive || last === undefined) return null;
  if (chunk.newerToken !== null) return chunk.newerToken;
  chunk.newerToken = (await fetchContext(api, timeline.roomId, last.id, 0)).newerToken;
  return chunk.newerToken;
}

/** False if the sync or another page has changed this end meanwhile. */
function isStill(timeline: RoomTimeline, chunk: Chunk, direction: HistoryPage['direction'], token: string): boolean {
  const current = direction === 'older' ? chunk.olderToken : chunk.newerToken;
  return timeline.history.chunks.includes(chunk) && current === token;
}

function edgeOf(chunk: Chunk, direction: HistoryPage['direction']): string | undefined {
  return (direction === 'older' ? chunk.events[0] : chunk.events.at(-1))?.id;
}
