import { z } from 'zod';
import type { Storage, StorageChange } from '../storage/storage.ts';
import type { Chunk } from './chunk.ts';
import { newestToken } from './history-requests.ts';
import { outlineSchema, Segments, segmentSchema } from './segments.ts';
import type { TimelineEvent } from './timeline-event.ts';

/** The outline stands in one record with the newest segment: opening a room is mostly one look into the storage. */
const firstRecordSchema = outlineSchema.extend({
  head: z.object({ id: z.number(), events: segmentSchema }).nullish(),
});

/** A room's timeline in the storage: an outline with its head, and further segments. */
export class StoredTimeline {
  readonly #roomId: string;
  readonly #segments: Segments;

  private constructor(roomId: string, segments: Segments) {
    this.#roomId = roomId;
    this.#segments = segments;
  }

  static empty(roomId: string): StoredTimeline {
    return new StoredTimeline(roomId, new Segments());
  }

  /** What cannot be read is loaded from the homeserver again, from the newest message on. */
  static async read(storage: Storage, roomId: string): Promise<{ stored: StoredTimeline; chunks: readonly Chunk[] }> {
    const table = storage.table('timelines');
    const outline = firstRecordSchema.safeParse(await table.get(roomId));
    const head = outline.data?.head ?? null;
    const ids = outline.success ? outline.data.chunks.flatMap((chunk) => chunk.segments) : [];
    const segmentOf = async (id: number): Promise<readonly TimelineEvent[] | undefined> =>
      id === head?.id ? head.events : segmentSchema.safeParse(await table.get(segmentKey(roomId, id))).data;
    const read = await Promise.all(ids.map(async (id) => [id, await segmentOf(id)] as const));
    const segments = new Map(read.flatMap(([id, events]) => (events ? [[id, events] as const] : [])));
    if (!outline.success || segments.size < ids.length) return lost(roomId);
    const chunks = outline.data.chunks.map(({ id, olderToken, newerToken, isLive, segments: parts }) => ({
      id,
      olderToken,
      newerToken,
      isLive,
      events: parts.flatMap((id) => segments.get(id) ?? []),
    }));
    return { stored: new StoredTimeline(roomId, new Segments(segments, head?.id)), chunks };
  }

  /** Call `confirm` when it is written; until then the next changes contain these. */
  changes(chunks: readonly Chunk[]): { readonly changes: readonly StorageChange[]; confirm(): void } {
    const update = this.#segments.changes(chunks);
    const changes: readonly StorageChange[] = [
      { table: 'timelines', key: this.#roomId, value: { ...update.outline, head: update.head } },
      ...[...update.changed].map(([id, events]) => this.#segmentChange(id, events)),
      ...update.removed.map((id) => this.#deletion(segmentKey(this.#roomId, id))),
    ];
    return { changes, confirm: () => this.#segments.confirm(update) };
  }

  /** Everything of this room goes. */
  deletions(): readonly StorageChange[] {
    const { removed } = this.#segments.changes([]);
    return [this.#roomId, ...removed.map((id) => segmentKey(this.#roomId, id))].map((key) => this.#deletion(key));
  }

  #deletion(key: string): StorageChange {
    return { table: 'timelines', key, isDeleted: true };
  }

  #segmentChange(id: number, events: readonly TimelineEvent[]): StorageChange {
    return { table: 'timelines', key: segmentKey(this.#roomId, id), value: events };
  }
}

function lost(roomId: string): { stored: StoredTimeline; chunks: readonly Chunk[] } {
  const chunk = { id: 1, events: [], olderToken: newestToken, newerToken: null, isLive: true };
  return { stored: StoredTimeline.empty(roomId), chunks: [chunk] };
}

function segmentKey(roomId: string, id: number): string {
  return `${roomId} ${id}`;
}
