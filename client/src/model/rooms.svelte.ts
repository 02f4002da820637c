import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { RoomSnapshot } from '../engine/protocol.ts';
import { matches } from './highlight.ts';
import type { Clock } from '../platform/platform.ts';
import type { People } from './people.svelte.ts';
import { byActivity, isConversation, pathTo, sectionsOf, standAlike, type RoomSections } from './room-tree.ts';

/** The appservice joins people right after it has invited them: only an invitation that stays needs an answer. */
const invitationShownAfterMs = 3_000;

export type RoomFilter = 'all' | 'unread' | 'direct';

/** All joined rooms, in the order and grouping the lists show them. */
export class Rooms {
  readonly #people: People;
  readonly #clock: Clock;
  /** What changes in one room is painted in its row alone. */
  readonly #rooms = new SvelteMap<string, RoomSnapshot>();
  /** As the rooms were when one last changed its place: putting a thousand in order for each message takes too long. */
  #standing = $state.raw<ReadonlyMap<string, RoomSnapshot>>(new Map());
  #unreadRooms = $state(0);
  /** Rooms with alerts that were not over when they last changed. */
  readonly #alerting = new SvelteMap<string, RoomSnapshot>();
  /** As they last were, of those that the person has left since this page was opened. */
  readonly #left = new SvelteMap<string, RoomSnapshot>();
  readonly #collapsed = new SvelteSet<string>();
  /** Invitations that may be over in a moment. */
  readonly #passing = new SvelteSet<string>();
  #isLoaded = $state(false);
  #query = $state('');
  #filter = $state<RoomFilter>('all');

  readonly #sections = $derived.by(() => sectionsOf(this.#standing));
  readonly #invitations = $derived(this.#sections.invitations.filter(({ roomId }) => !this.#passing.has(roomId)));
  readonly #chats = $derived([...this.#standing.values()].filter(isChat).toSorted(byActivity));
  readonly #found = $derived(
    this.#chats.filter((room) => matches(`${this.titleOf(room)} ${this.subtitleOf(room)}`, this.#query)),
  );
  readonly #listed = $derived(
    (this.#query.trim() === '' ? this.#chats : this.#found).filter((room) => this.#passes(room)),
  );

  constructor(people: People, clock: Clock) {
    this.#people = people;
    this.#clock = clock;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  get query(): string {
    return this.#query;
  }

  set query(query: string) {
    this.#query = query;
  }

  get filter(): RoomFilter {
    return this.#filter;
  }

  set filter(filter: RoomFilter) {
    this.#filter = filter;
  }

  /** Where each room stands; what else is known of it says `now`. */
  get sections(): RoomSections {
    return this.#sections;
  }

  /** Those that wait for an answer, newest first. */
  get invitations(): readonly RoomSnapshot[] {
    return this.#invitations;
  }

  /** Every joined room that is no space, newest first. */
  get all(): readonly RoomSnapshot[] {
    return this.#chats;
  }

  /** Rooms whose name matches the query, newest first. */
  get found(): readonly RoomSnapshot[] {
    return this.#found;
  }

  /** One flat list for the phone: query and filter applied, newest first. */
  get listed(): readonly RoomSnapshot[] {
    return this.#listed;
  }

  get unreadRooms(): number {
    return this.#unreadRooms;
  }

  /** Rooms with alerts that were not over when they last changed. */
  get alerting(): readonly RoomSnapshot[] {
    return [...this.#alerting.values()];
  }

  get isEmpty(): boolean {
    return this.#chats.length === 0;
  }

  find(roomId: string): RoomSnapshot | null {
    return this.#rooms.get(roomId) ?? null;
  }

  /** A room of one of the lists, as it is now. */
  now(listed: RoomSnapshot): RoomSnapshot {
    return this.#rooms.get(listed.roomId) ?? listed;
  }

  findLeft(roomId: string): RoomSnapshot | null {
    return this.#left.get(roomId) ?? null;
  }

  isCollapsed(spaceId: string): boolean {
    return this.#collapsed.has(spaceId);
  }

  toggle(spaceId: string): void {
    if (!this.#collapsed.delete(spaceId)) this.#collapsed.add(spaceId);
  }

  /** Opens the branches above a room, so that it can be seen in the tree. */
  reveal(roomId: string): void {
    for (const spaceId of pathTo(this.#sections.tree, roomId)) this.#collapsed.delete(spaceId);
  }

  /** A direct chat is called after the other person, everything else as declared. */
  titleOf(room: RoomSnapshot): string {
    if (room.counterpartId === null) return room.name || room.roomId;
    return this.#people.find(room.counterpartId)?.name ?? (room.name || this.#people.nameOf(room.counterpartId));
  }

  subtitleOf(room: RoomSnapshot): string {
    return room.counterpartId === null ? '' : this.#people.affiliation(room.counterpartId);
  }

  change(changed: readonly RoomSnapshot[], removedIds: readonly string[]): void {
    for (const { roomId } of changed) this.#left.delete(roomId);
    for (const roomId of removedIds) this.#keepLeft(roomId);
    for (const room of changed) this.#holdInvitation(room);
    const moved = [
      ...changed.map((room) => this.#put(room.roomId, room)),
      ...removedIds.map((roomId) => this.#put(roomId, null)),
    ];
    if (moved.includes(true)) this.#standing = new Map(this.#rooms);
    this.#isLoaded = true;
    this.#people.want(changed.flatMap((room) => this.#peopleIn(room)));
  }

  /** The first answer is in, also where it names no room. */
  finishLoading(): void {
    this.#isLoaded = true;
  }

  clear(): void {
    this.#rooms.clear();
    this.#alerting.clear();
    this.#standing = new Map();
    this.#unreadRooms = 0;
    this.#left.clear();
    this.#isLoaded = false;
    this.#query = '';
  }

  /** @returns whether the room stands somewhere else now. */
  #put(roomId: string, room: RoomSnapshot | null): boolean {
    const before = this.#rooms.get(roomId) ?? null;
    if (room) this.#rooms.set(roomId, room);
    else this.#rooms.delete(roomId);
    if (room && room.alerts.length > 0) this.#alerting.set(roomId, room);
    else this.#alerting.delete(roomId);
    this.#unreadRooms += Number(isUnread(room)) - Number(isUnread(before));
    return !room || !before || !standAlike(before, room);
  }

  /** What was there before this page is shown at once. */
  #holdInvitation({ roomId, membership }: RoomSnapshot): void {
    if (!this.#isLoaded || membership !== 'invite' || this.#rooms.has(roomId)) return;
    this.#passing.add(roomId);
    this.#clock.after(invitationShownAfterMs, () => this.#passing.delete(roomId));
  }

  #keepLeft(roomId: string): void {
    const room = this.#rooms.get(roomId);
    if (room?.membership === 'join') this.#left.set(roomId, room);
  }

  #peopleIn(room: RoomSnapshot): readonly string[] {
    return [room.counterpartId, room.inviterId, room.preview?.senderId, ...room.typingIds].filter(
      (userId) => typeof userId === 'string',
    );
  }

  #passes(room: RoomSnapshot): boolean {
    if (this.#filter === 'unread') return isUnread(this.now(room));
    return this.#filter === 'all' || isConversation(room);
  }
}

function isChat(room: RoomSnapshot): boolean {
  return !room.isSpace && room.membership === 'join';
}

function isUnread(room: RoomSnapshot | null): boolean {
  return room !== null && isChat(room) && room.unreadCount > 0;
}
