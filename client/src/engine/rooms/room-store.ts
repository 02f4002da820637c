/** Rooms and their timelines in memory and in the storage, and the way to the page. */
import type { RoomSnapshot, RosterState, TimelineItem } from '../protocol.ts';
import type { StorageChange } from '../storage/storage.ts';
import { itemsOf, type FoldingContext } from '../timeline/fold.ts';
import { MessageBodies } from '../timeline/message-body.ts';
import type { RoomTimeline } from '../timeline/room-timeline.ts';
import type { TimelineEvent } from '../timeline/timeline-event.ts';
import { HotTimelines } from './hot-timelines.ts';
import type { PushRules } from './notification-mode.ts';
import { mayRedact, maySend } from './power-levels.ts';
import type { ReadingEncryption, RoomDataSurroundings } from './room-data.ts';
import { emptyRecord, stateOf } from './room-record.ts';
import { RoomRecords } from './room-records.ts';
import { snapshotOf } from './room-snapshot.ts';
import { summarise, type SummaryContext } from './summarise.ts';

export class RoomStore {
  readonly surroundings: RoomDataSurroundings;
  readonly records = new RoomRecords();
  readonly timelines: HotTimelines;
  /** Who is typing, by room id. Not stored. */
  readonly typing = new Map<string, readonly string[]>();
  readonly changedIdentities = new Set<string>();
  /** What the rosters say of rooms that were opened. Not stored. */
  readonly rosterStates = new Map<string, RosterState>();
  readonly #bodies: MessageBodies;
  /** What the storage could not take so far; these timelines stay in memory. */
  #owed: { readonly timelines: Set<RoomTimeline>; further: readonly StorageChange[] } = {
    timelines: new Set(),
    further: [],
  };
  pushRules: PushRules | null = null;
  encryption: ReadingEncryption | null = null;

  constructor(surroundings: RoomDataSurroundings) {
    this.surroundings = surroundings;
    this.timelines = new HotTimelines(surroundings.storage, surroundings.pending, (timeline) =>
      this.#owed.timelines.has(timeline),
    );
    this.#bodies = new MessageBodies(surroundings.readAttachment);
  }

  get summaryContext(): SummaryContext {
    return { userId: this.surroundings.userId, bodies: this.#bodies, pushRules: this.pushRules };
  }

  rosterStateOf(roomId: string): RosterState {
    return this.rosterStates.get(roomId) ?? { problem: null, strangerIds: [] };
  }

  use<T>(roomId: string, work: (timeline: RoomTimeline) => Promise<T> | T): Promise<T> {
    return this.useAll([roomId], async ([timeline]) => {
      if (!timeline) throw new Error('no timeline');
      return work(timeline);
    });
  }

  /** All of them stay in memory until `work` is done. */
  useAll<T>(roomIds: readonly string[], work: (timelines: readonly RoomTimeline[]) => Promise<T>): Promise<T> {
    const rooms = roomIds.map((roomId) => ({
      roomId,
      isStored: (this.records.get(roomId)?.newestEventId ?? null) !== null,
    }));
    return this.timelines.use(rooms, work);
  }

  snapshot(roomId: string): RoomSnapshot | null {
    const record = this.records.get(roomId);
    if (!record) return null;
    return snapshotOf(record, {
      userId: this.surroundings.userId,
      bodies: this.#bodies,
      pushRules: this.pushRules,
      typingIds: this.typing.get(roomId) ?? [],
      changedIdentities: this.changedIdentities,
    });
  }

  foldingContext(timeline: RoomTimeline): FoldingContext {
    const { userId, pending } = this.surroundings;
    const record = this.records.get(timeline.roomId) ?? emptyRecord(timeline.roomId);
    return {
      userId,
      isEncryptedRoom: stateOf(record, 'm.room.encryption') !== null,
      mayPost: maySend(record, userId, 'm.room.encrypted'),
      mayDeleteOthers: mayRedact(record, userId),
      bodies: this.#bodies,
      relations: timeline.relations,
      pending: pending.of(timeline.roomId),
      nameOf: (id) => (Object.hasOwn(record.names, id) ? record.names[id] : undefined) ?? id,
      event: (eventId) => timeline.event(eventId),
      unreadable: (eventId) => timeline.unreadable(eventId),
    };
  }

  itemOf(timeline: RoomTimeline, event: TimelineEvent): TimelineItem | null {
    return itemsOf(this.foldingContext(timeline), [event])[0] ?? null;
  }

  summarise(timeline: RoomTimeline): void {
    this.records.update(timeline.roomId, (record) => summarise(record, timeline, this.summaryContext));
  }

  /**
   * Writes what has changed as one, and before it what could not be stored earlier. Does not throw: a full disk keeps
   * nobody from reading, and the next write contains what this one could not store.
   */
  async write(timelines: readonly RoomTimeline[], further: readonly StorageChange[] = []): Promise<void> {
    const owed = this.#owed;
    this.#owed = { timelines: new Set(), further: [] };
    const all = new Set([...owed.timelines, ...timelines]);
    const changes = [...owed.further, ...further];
    try {
      const parts = [this.records.changes(), ...[...all].map((timeline) => timeline.changes())];
      await this.surroundings.storage.write([...parts.flatMap((part) => part.changes), ...changes]);
      for (const { confirm } of parts) confirm();
    } catch {
      for (const timeline of all) this.#owed.timelines.add(timeline);
      this.#owed.further = latestOf([...changes, ...this.#owed.further]);
    }
  }

  /** After a timeline has changed by something else than the sync. */
  async keep(timeline: RoomTimeline): Promise<void> {
    this.summarise(timeline);
    timeline.notify();
    this.show([timeline.roomId]);
    await this.write([timeline]);
  }

  show(roomIds: Iterable<string>, removedIds: readonly string[] = []): void {
    const changed = [...new Set(roomIds)].flatMap((roomId) => this.snapshot(roomId) ?? []);
    if (changed.length > 0 || removedIds.length > 0) this.surroundings.onRooms(changed, removedIds);
  }
}

/** The last change of each place. */
function latestOf(changes: readonly StorageChange[]): readonly StorageChange[] {
  return [...new Map(changes.map((change) => [`${change.table} ${change.key}`, change])).values()];
}
