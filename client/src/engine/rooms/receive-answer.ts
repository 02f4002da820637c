/** Applies one answer of the rooms connection: first in memory, then shown, and stored as one. */
import type { StorageChange } from '../storage/storage.ts';
import type { RoomChange, RoomsAnswer } from '../sync/rooms-answer.ts';
import { newestToken } from '../timeline/history-requests.ts';
import { confirmations, type RoomTimeline } from '../timeline/room-timeline.ts';
import { timelineEvent, type TimelineEvent } from '../timeline/timeline-event.ts';
import type { MemberLists } from './member-lists.ts';
import { pushRulesSchema } from './notification-mode.ts';
import { reduceAccountData, reduceReceipts, reduceRoom } from './reduce-room.ts';
import type { Rosters } from './rosters.ts';
import type { RoomStore } from './room-store.ts';

export const pushRulesKey = 'push-rules';

/** Something of a room has come in. */
interface Arrival {
  readonly timeline: RoomTimeline;
  /** Events that came in just now, not from before. */
  readonly live: readonly TimelineEvent[];
}

export async function receiveAnswer(
  store: RoomStore,
  members: MemberLists,
  rosters: Rosters,
  answer: RoomsAnswer,
  position: StorageChange,
): Promise<readonly Arrival[]> {
  const rules = pushRulesIn(store, answer);
  const { entered, removed, changes } = await reduceRooms(store, answer);
  const read = reduceExtensions(store, answer);
  return store.useAll([...new Set([...entered, ...read])], async (timelines) => {
    const arrivals = timelines.flatMap((timeline) => arrivalIn(timeline, answer.rooms.get(timeline.roomId)) ?? []);
    for (const timeline of timelines) store.summarise(timeline);
    const followed = await Promise.all([members.follow(answer.rooms), rosters.follow(answer.rooms)]);
    // Shown while it is stored. Where that fails the homeserver is asked, after a restart, from the last stored position on.
    const written = store.write(timelines, [position, ...rules, ...changes, ...followed.flat()]);
    confirm(store, arrivals);
    for (const timeline of timelines) timeline.notify();
    show(
      store,
      answer,
      timelines.map(({ roomId }) => roomId),
      removed,
    );
    await written;
    return arrivals;
  });
}

/** Rooms that the person is in no more go from this device. */
async function reduceRooms(store: RoomStore, answer: RoomsAnswer) {
  const { userId } = store.surroundings;
  const known = new Set([...answer.rooms.keys()].filter((roomId) => store.records.get(roomId)));
  for (const [roomId, change] of answer.rooms) {
    if (isEntry(change)) store.records.begin(roomId);
    store.records.update(roomId, (record) => reduceRoom(record, change, userId));
  }
  const isLeft = (roomId: string): boolean => (store.records.get(roomId)?.membership ?? 'leave') === 'leave';
  const left = [...answer.rooms.keys()].filter(isLeft);
  const entered = [...answer.rooms.keys()].filter((roomId) => !isLeft(roomId));
  const removed = left.filter((roomId) => known.has(roomId));
  const changes = (await Promise.all(removed.map((roomId) => removal(store, roomId)))).flat();
  for (const roomId of left) store.records.remove(roomId);
  return { entered, removed, changes };
}

/** What is still told of a room after the person has left it brings it not back. */
function isEntry({ isInitial, invitation }: RoomChange): boolean {
  return isInitial || invitation !== null;
}

/** What has to be deleted of a room. */
export async function removal(store: RoomStore, roomId: string): Promise<readonly StorageChange[]> {
  const deletions = await store.use(roomId, (timeline) => timeline.deletions());
  store.timelines.forget(roomId);
  store.typing.delete(roomId);
  store.rosterStates.delete(roomId);
  return [
    ...deletions,
    { table: 'members', key: roomId, isDeleted: true },
    { table: 'rosters', key: roomId, isDeleted: true },
  ];
}

function arrivalIn(timeline: RoomTimeline, change: RoomChange | undefined): Arrival | null {
  if (!change) return null;
  if (change.timeline.length === 0 && !change.isInitial) return { timeline, live: [] };
  const isWhole = change.isInitial && !change.isLimited;
  const added = timeline.addSynced({
    events: change.timeline.map(timelineEvent),
    mayHaveGap: change.isLimited || change.isInitial,
    previousBatch: change.previousBatch ?? (isWhole ? null : newestToken),
  });
  const live = change.liveCount === 0 ? [] : change.timeline.slice(-change.liveCount);
  const liveIds = new Set(live.map((event) => event.event_id));
  return { timeline, live: added.filter(({ id }) => liveIds.has(id)) };
}

/** @returns rooms whose unread counts may be others now. */
function reduceExtensions(store: RoomStore, answer: RoomsAnswer): readonly string[] {
  const { userId } = store.surroundings;
  const known = (roomId: string): boolean => store.records.get(roomId) !== null;
  for (const [roomId, events] of answer.roomAccountData) {
    if (known(roomId)) store.records.update(roomId, (record) => reduceAccountData(record, events));
  }
  for (const [roomId, userIds] of answer.typing) store.typing.set(roomId, userIds);
  return [...answer.receipts].flatMap(([roomId, receipts]) => {
    const hasRead = known(roomId) && store.records.update(roomId, (record) => reduceReceipts(record, receipts, userId));
    return hasRead ? [roomId] : [];
  });
}

function pushRulesIn(store: RoomStore, answer: RoomsAnswer): readonly StorageChange[] {
  const content = answer.accountData.findLast(({ type }) => type === 'm.push_rules')?.content;
  const parsed = pushRulesSchema.safeParse(content).data;
  if (!parsed) return [];
  store.pushRules = parsed;
  return [{ table: 'values', key: pushRulesKey, value: parsed }];
}

/** The events of own messages are there: nothing of them is on its way any more. */
function confirm(store: RoomStore, arrivals: readonly Arrival[]): void {
  const { pending } = store.surroundings;
  for (const { timeline } of arrivals) {
    const events = timeline.history.live?.events ?? [];
    for (const [itemId, eventId] of confirmations(pending, timeline.roomId, events)) {
      pending.confirm(timeline.roomId, itemId, eventId);
    }
  }
}

function show(store: RoomStore, answer: RoomsAnswer, touched: readonly string[], left: readonly string[]): void {
  const hasNewRules = answer.accountData.some(({ type }) => type === 'm.push_rules');
  const all = hasNewRules ? store.records.all().map(({ roomId }) => roomId) : [];
  store.show([...all, ...touched, ...answer.roomAccountData.keys(), ...answer.typing.keys()], left);
}
