import type { EncryptionRoom } from '../encryption/encryption.ts';
import type { Member, NotificationMode, RoomSnapshot, TimelineUpdate } from '../protocol.ts';
import type { StorageChange } from '../storage/storage.ts';
import type { RoomsAnswer } from '../sync/rooms-answer.ts';
import { roomsPositionKey } from '../sync/rooms-connection.ts';
import { contentOf, itemId } from '../timeline/fold.ts';
import { fetchContext } from '../timeline/history-requests.ts';
import type { RoomTimeline } from '../timeline/room-timeline.ts';
import { relationOf, type TimelineEvent } from '../timeline/timeline-event.ts';
import { TimelineView } from '../timeline/timeline-view.ts';
import { Decryption } from './decryption.ts';
import { Identities } from './identities.ts';
import { MemberLists } from './member-lists.ts';
import { pushRulesSchema, setNotificationMode } from './notification-mode.ts';
import { pushRulesKey, receiveAnswer, removal } from './receive-answer.ts';
import { originOf } from './origin.ts';
import type { HeldMessage, RoomData, RoomDataSurroundings, ReadingEncryption, RoomView } from './room-data.ts';
import { join, leave, sendReadMarkers, sendTyping, tagFavourite } from './room-requests.ts';
import { RoomStore } from './room-store.ts';
import { Rosters } from './rosters.ts';
import { Strangers } from './strangers.ts';
import { unreadMessages } from './summarise.ts';

export class LocalRooms implements RoomData {
  readonly #store: RoomStore;
  readonly #rosters: Rosters;
  readonly #members: MemberLists;
  readonly #strangers: Strangers;
  readonly #decryption: Decryption;
  readonly #identities: Identities;

  constructor(surroundings: RoomDataSurroundings) {
    this.#store = new RoomStore(surroundings);
    this.#rosters = new Rosters(this.#store);
    this.#members = new MemberLists(this.#store, this.#rosters);
    this.#strangers = new Strangers(this.#store, this.#members, this.#rosters);
    this.#decryption = new Decryption(this.#store);
    this.#identities = new Identities(this.#store, this.#members);
    surroundings.pending.subscribe((roomId) => this.#store.timelines.loaded(roomId)?.notify());
  }

  async restore(): Promise<void> {
    const { storage } = this.#store.surroundings;
    const [{ isComplete }, pushRules] = await Promise.all([
      this.#store.records.restore(storage),
      storage.table('values').get(pushRulesKey),
    ]);
    this.#store.pushRules = pushRulesSchema.safeParse(pushRules).data ?? null;
    // What could not be read comes again only if the sync begins anew.
    if (!isComplete) await storage.write([{ table: 'values', key: roomsPositionKey, isDeleted: true }]);
    this.#store.show(this.#store.records.all().map(({ roomId }) => roomId));
  }

  snapshots(): readonly RoomSnapshot[] {
    return this.#store.records.all().flatMap(({ roomId }) => this.#store.snapshot(roomId) ?? []);
  }

  async receive(answer: RoomsAnswer, position: StorageChange): Promise<void> {
    const arrivals = await receiveAnswer(this.#store, this.#members, this.#rosters, answer, position);
    this.#inBackground(this.#settle(arrivals));
    this.#inBackground(this.#strangers.follow(answer.rooms));
  }

  async keepOnly(roomIds: ReadonlySet<string>): Promise<void> {
    const known = this.#store.records.all().map(({ roomId }) => roomId);
    await this.#remove(known.filter((roomId) => !roomIds.has(roomId)));
  }

  useEncryption(encryption: ReadingEncryption): void {
    this.#store.encryption = encryption;
    for (const timeline of this.#store.timelines.watched()) timeline.notify();
    this.#inBackground(this.#decryption.previews());
    this.#inBackground(this.#identities.refreshAll());
  }

  keysArrived(roomId: string, sessionIds: readonly string[]): void {
    if (this.#store.records.get(roomId)) this.#inBackground(this.#decryption.retry(roomId, sessionIds));
  }

  identitiesChanged(userIds: readonly string[]): void {
    this.#inBackground(this.#identities.refresh(userIds));
  }

  openView(roomId: string, aroundEventId: string | null, emit: (update: TimelineUpdate) => void): Promise<RoomView> {
    return this.#store.use(roomId, async (timeline) => {
      if (aroundEventId !== null) await this.#hold(timeline, aroundEventId);
      const view = this.#view(timeline, emit, aroundEventId);
      this.#inBackground(this.#identities.refreshRoom(roomId));
      this.#inBackground(this.#strangers.refresh(roomId));
      return view;
    });
  }

  async prefetch(roomId: string): Promise<TimelineUpdate | null> {
    if (!this.#store.records.get(roomId)) return null;
    const { promise, resolve, reject } = Promise.withResolvers<TimelineUpdate>();
    // What the first screen lacks is loaded after that, while the timeline is held.
    const work = this.#store.use(roomId, async (timeline) => {
      const view = this.#view(timeline, resolve);
      await view.filled;
      view.close();
    });
    work.catch(reject);
    return promise;
  }

  members(roomId: string): Promise<readonly Member[]> {
    return this.#members.members(roomId);
  }

  encryptionRoom(roomId: string): Promise<EncryptionRoom | null> {
    return this.#members.encryptionRoom(roomId);
  }

  message(roomId: string, id: string): Promise<HeldMessage | null> {
    return this.#store.use(roomId, (timeline) => {
      const event = eventOf(timeline, id);
      if (event) return { eventId: event.id, senderId: event.senderId, content: contentOf(timeline, event).content };
      const { pending, userId } = this.#store.surroundings;
      const own = pending.of(roomId).find((message) => message.itemId === id);
      return own ? { eventId: own.eventId ?? own.itemId, senderId: userId, content: own.content } : null;
    });
  }

  ownReaction(roomId: string, id: string, key: string): Promise<string | null> {
    return this.#store.use(roomId, (timeline) => {
      const { pending, userId } = this.#store.surroundings;
      const targetId = eventOf(timeline, id)?.id ?? id;
      const held = timeline.relations
        .reactions(targetId)
        .find((reaction) => reaction.senderId === userId && relationOf(reaction)?.key === key);
      if (held) return held.id;
      const sent = pending.of(roomId).find((message) => {
        const relation = message.type === 'm.reaction' ? relationOf(message) : null;
        return relation?.key === key && (relation.event_id === id || relation.event_id === targetId);
      });
      return sent ? (sent.eventId ?? sent.itemId) : null;
    });
  }

  async markRead(roomId: string): Promise<void> {
    const { api, receiptsIn } = this.#store.surroundings;
    const eventId = await this.#store.use(roomId, async (timeline) => {
      const last = timeline.history.live?.events.at(-1);
      if (!last || this.#store.records.get(roomId)?.receipt?.eventId === last.id) return null;
      this.#store.records.update(roomId, (record) => ({ ...record, receipt: { eventId: last.id, at: last.sentAt } }));
      await this.#store.keep(timeline);
      return last.id;
    });
    const record = this.#store.records.get(roomId);
    const origin = record && originOf(record);
    if (eventId !== null) await sendReadMarkers(api, roomId, eventId, origin ? receiptsIn(origin.class) : 'private');
  }

  async setTyping(roomId: string, isTyping: boolean): Promise<void> {
    await sendTyping(this.#store.surroundings.api, roomId, this.#store.surroundings.userId, isTyping);
  }

  async acceptInvitation(roomId: string): Promise<void> {
    await join(this.#store.surroundings.api, roomId);
  }

  async leaveRoom(roomId: string): Promise<void> {
    await leave(this.#store.surroundings.api, roomId);
    if (this.#store.records.get(roomId)) await this.#remove([roomId]);
  }

  async setFavourite(roomId: string, isFavourite: boolean): Promise<void> {
    const { api, userId } = this.#store.surroundings;
    await tagFavourite(api, roomId, userId, isFavourite);
  }

  async setNotifications(roomId: string, mode: NotificationMode): Promise<void> {
    await setNotificationMode(this.#store.surroundings.api, roomId, mode);
  }

  async #remove(roomIds: readonly string[]): Promise<void> {
    if (roomIds.length === 0) return;
    const deletions = await Promise.all(roomIds.map((roomId) => removal(this.#store, roomId)));
    for (const roomId of roomIds) this.#store.records.remove(roomId);
    for (const roomId of roomIds) this.#rosters.forget(roomId);
    this.#store.show([], roomIds);
    await this.#store.write([], deletions.flat());
  }

  /** What is to be decrypted and told comes after the answer is stored, so that nothing waits for it. */
  async #settle(arrivals: Awaited<ReturnType<typeof receiveAnswer>>): Promise<void> {
    for (const { timeline, live } of arrivals) {
      const { roomId } = timeline;
      if (live.length === 0 && this.#store.records.get(roomId)?.preview?.kind !== 'pending') continue;
      await this.#store.use(roomId, async (current) => {
        await this.#decryption.notify(current, live);
        await this.#decryption.newest(current);
      });
    }
  }

  /** Loads what lies around an event, if it is not held. */
  async #hold(timeline: RoomTimeline, eventId: string): Promise<void> {
    if (timeline.history.chunkOf(eventId)) return;
    const { events, olderToken, newerToken } = await fetchContext(
      this.#store.surroundings.api,
      timeline.roomId,
      eventId,
    );
    timeline.addContext(events, olderToken, newerToken);
    await this.#store.keep(timeline);
  }

  #view(
    timeline: RoomTimeline,
    emit: (update: TimelineUpdate) => void,
    aroundEventId: string | null = null,
  ): TimelineView {
    const surroundings = {
      api: this.#store.surroundings.api,
      encryption: () => this.#store.encryption,
      context: () => this.#store.foldingContext(timeline),
      identityChanges: () => this.#identities.of(timeline.roomId),
      roster: () => this.#store.rosterStateOf(timeline.roomId),
      firstUnreadId: () => this.#firstUnreadId(timeline),
      changed: () => this.#store.keep(timeline),
      emit,
    };
    return new TimelineView(timeline, surroundings, aroundEventId);
  }

  #firstUnreadId(timeline: RoomTimeline): string | null {
    const record = this.#store.records.get(timeline.roomId);
    const events = timeline.history.live?.events ?? [];
    const unread = record ? unreadMessages(record, events, this.#store.surroundings.userId) : null;
    const [first] = unread?.isComplete === true ? unread.messages : [];
    return first ? itemId(first) : null;
  }

  /** Nobody waits for it, and what it could not do is tried again at the next occasion. */
  #inBackground(work: Promise<unknown>): void {
    void work.catch(() => undefined);
  }
}

/** By item id or event id. */
function eventOf(timeline: RoomTimeline, id: string): TimelineEvent | null {
  const held = timeline.history.event(id);
  if (held) return held;
  for (const { events } of timeline.history.chunks) {
    const own = events.findLast(({ transactionId }) => transactionId === id);
    if (own) return own;
  }
  return null;
}
