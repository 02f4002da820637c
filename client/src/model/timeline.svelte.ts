import { SvelteMap } from 'svelte/reactivity';
import type { Engine, Failure, Member, Result, RosterState, TimelineItem, TimelineUpdate } from '../engine/protocol.ts';
import type { Clock } from '../platform/platform.ts';
import type { People } from './people.svelte.ts';
import { groupByDay, type TimelineDay } from './timeline-groups.ts';

const unjudged: RosterState = { problem: null, strangerIds: [] };

type Direction = 'older' | 'newer';

/** What a room would show is worth nothing any more after this time: much may have changed. */
const prefetchedMsMax = 10_000;
/** For so long the room that is left stays on the screen: nobody sees a blank between two rooms. */
const leavingMs = 80;

/** A room on its way to the screen. */
interface Coming {
  readonly roomId: string;
  readonly eventId: string | null;
  hasArrived: boolean;
}

/** The messages of the room that is open. */
export class Timeline {
  readonly #engine: Engine;
  readonly #people: People;
  readonly #clock: Clock;
  readonly #items = new SvelteMap<string, TimelineItem>();
  /** Own messages that the engine has not named yet. */
  readonly #echoes = new SvelteMap<string, TimelineItem>();
  #roomId = $state<string | null>(null);
  #leaving = $state<string | null>(null);
  #coming: Coming | null = null;
  /** What the room that the person points at would show. */
  #prefetched: { readonly update: TimelineUpdate; readonly at: number } | null = null;
  #order = $state.raw<readonly string[]>([]);
  #members = $state.raw<readonly Member[]>([]);
  #hasOlder = $state(false);
  #hasNewer = $state(false);
  #firstUnreadId = $state<string | null>(null);
  #identityChanges = $state.raw<readonly string[]>([]);
  #roster = $state.raw<RosterState>(unjudged);
  #isLoading = $state(false);
  #loading = $state.raw<Direction | null>(null);
  #failure = $state.raw<Failure | null>(null);
  /** Event that the person asked to see; the view scrolls to it and forgets it. */
  #target = $state<string | null>(null);
  /** The message that was sent last from here; the view scrolls to it. */
  #sentId = $state<string | null>(null);
  /** The newest message that came in while the room was open; read out to those who cannot see it. */
  #arrived = $state.raw<TimelineItem | null>(null);

  readonly #list = $derived([
    ...this.#order.flatMap((id) => this.#items.get(id) ?? []),
    ...[...this.#echoes.values()].filter((echo) => !this.#items.has(echo.id)),
  ]);
  readonly #days = $derived(groupByDay(this.#list, this.#firstUnreadId));

  constructor(engine: Engine, people: People, clock: Clock) {
    this.#engine = engine;
    this.#people = people;
    this.#clock = clock;
  }

  get roomId(): string | null {
    return this.#roomId;
  }

  /** The room that is still shown although another one is on its way; null if there is none. */
  get leaving(): string | null {
    return this.#leaving;
  }

  get items(): readonly TimelineItem[] {
    return this.#list;
  }

  get days(): readonly TimelineDay[] {
    return this.#days;
  }

  get members(): readonly Member[] {
    return this.#members;
  }

  get hasOlder(): boolean {
    return this.#hasOlder;
  }

  get hasNewer(): boolean {
    return this.#hasNewer;
  }

  get firstUnreadId(): string | null {
    return this.#firstUnreadId;
  }

  get identityChanges(): readonly string[] {
    return this.#identityChanges;
  }

  get roster(): RosterState {
    return this.#roster;
  }

  get isLoading(): boolean {
    return this.#isLoading;
  }

  get loading(): Direction | null {
    return this.#loading;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get target(): string | null {
    return this.#target;
  }

  get sentId(): string | null {
    return this.#sentId;
  }

  get arrived(): TimelineItem | null {
    return this.#arrived;
  }

  findEvent(eventId: string): TimelineItem | null {
    return this.#list.find((item) => item.eventId === eventId) ?? null;
  }

  memberName(userId: string): string {
    const member = this.#members.find((known) => known.userId === userId);
    return this.#people.find(userId)?.name ?? member?.name ?? this.#people.nameOf(userId);
  }

  /** The engine is asked at once; the messages of another room make way when the new ones are there. */
  async open(roomId: string, eventId: string | null = null): Promise<void> {
    if (this.#coming?.roomId === roomId && this.#coming.eventId === eventId) return;
    const coming: Coming = { roomId, eventId, hasArrived: this.#roomId === roomId && eventId === null };
    this.#coming = coming;
    this.#isLoading = true;
    const opening = this.#engine.openRoom(roomId, eventId);
    this.#leave(coming);
    const opened = await opening;
    if (this.#coming !== coming) return;
    this.#arrive(coming);
    this.#coming = null;
    this.#isLoading = false;
    this.#failure = opened.ok ? null : opened.failure;
  }

  /** The engine has begun anew: what was asked of the last one gets no answer. */
  openAgain(): void {
    const coming = this.#coming;
    this.#coming = null;
    if (coming && !coming.hasArrived) void this.open(coming.roomId, coming.eventId);
    else if (this.#roomId !== null) void this.open(this.#roomId);
  }

  async prefetch(roomId: string): Promise<void> {
    const prefetched = await this.#engine.prefetch(roomId);
    if (prefetched.ok && prefetched.value) this.#prefetched = { update: prefetched.value, at: this.#clock.now() };
  }

  /** Shows a stored part of a room until the engine gives what is new. */
  showStored(update: TimelineUpdate): void {
    this.#reset(update.roomId);
    this.#take(update);
  }

  close(): void {
    if (this.#roomId !== null || this.#coming !== null) this.#engine.closeRoom();
    this.#coming = null;
    this.#prefetched = null;
    this.#reset(null);
  }

  /** Shows a message: at once if it is within the window, else around it. */
  show(eventId: string): void {
    if (this.#roomId === null) return;
    if (this.findEvent(eventId)) this.#target = eventId;
    else void this.open(this.#roomId, eventId);
  }

  reached(): void {
    this.#target = null;
  }

  /** Goes back to the newest message after a jump. */
  async toNewest(): Promise<void> {
    const roomId = this.#roomId;
    if (roomId === null || !this.#hasNewer) return;
    this.#reset(roomId);
    await this.open(roomId);
  }

  /** @returns whether it brought messages. One step at a time; none while another is under way. */
  loadOlder(): Promise<boolean> {
    return this.#load('older', this.#hasOlder, (roomId) => this.#engine.loadOlder(roomId));
  }

  /** As `loadOlder`. */
  loadNewer(): Promise<boolean> {
    return this.#load('newer', this.#hasNewer, (roomId) => this.#engine.loadNewer(roomId));
  }

  addEcho(item: TimelineItem): void {
    this.#echoes.set(item.id, item);
    this.#sentId = item.id;
  }

  removeEcho(itemId: string): void {
    this.#echoes.delete(itemId);
  }

  apply(update: TimelineUpdate): void {
    if (this.#coming?.roomId === update.roomId) this.#arrive(this.#coming);
    if (update.roomId !== this.#roomId) return;
    const newest = update.order.at(-1);
    const isArrival = !this.#isLoading && newest !== undefined && newest !== this.#order.at(-1) && !this.#knows(newest);
    this.#take(update);
    if (isArrival) this.#arrived = this.#items.get(newest) ?? null;
  }

  applyMembers(roomId: string, members: readonly Member[]): void {
    if (roomId !== this.#roomId) return;
    this.#members = members;
    this.#people.want(members.map((member) => member.userId));
  }

  #leave(coming: Coming): void {
    const prefetched = coming.eventId === null ? this.#takePrefetched(coming.roomId) : null;
    if (prefetched && !coming.hasArrived) {
      this.#arrive(coming);
      return this.#take(prefetched);
    }
    if (this.#roomId === null || this.#roomId === coming.roomId) return this.#arrive(coming);
    this.#leaving = this.#roomId;
    this.#clock.after(leavingMs, () => this.#arrive(coming));
  }

  #takePrefetched(roomId: string): TimelineUpdate | null {
    const { update, at } = this.#prefetched ?? {};
    this.#prefetched = null;
    const isOld = at === undefined || this.#clock.now() - at > prefetchedMsMax;
    return isOld || update?.roomId !== roomId ? null : update;
  }

  #arrive(coming: Coming): void {
    if (coming.hasArrived || this.#coming !== coming) return;
    coming.hasArrived = true;
    this.#reset(coming.roomId);
    this.#target = coming.eventId;
  }

  #knows(itemId: string): boolean {
    return this.#items.has(itemId) || this.#echoes.has(itemId);
  }

  #take(update: TimelineUpdate): void {
    for (const item of update.changed) this.#items.set(item.id, item);
    for (const id of update.order) this.#echoes.delete(id);
    this.#order = update.order;
    this.#dropUnlisted();
    this.#hasOlder = update.hasOlder;
    this.#hasNewer = update.hasNewer;
    this.#firstUnreadId = update.firstUnreadId;
    this.#identityChanges = update.identityChanges;
    this.#roster = update.roster;
    this.#people.want([...new Set(update.changed.map((item) => item.senderId))]);
  }

  /** The window moves; what has left it is not held. */
  #dropUnlisted(): void {
    if (this.#items.size === this.#order.length) return;
    const listed = new Set(this.#order);
    for (const id of this.#items.keys()) if (!listed.has(id)) this.#items.delete(id);
  }

  async #load(direction: Direction, hasMore: boolean, load: (roomId: string) => Promise<Result<void>>) {
    const roomId = this.#roomId;
    if (roomId === null || !hasMore || this.#loading !== null || this.#isLoading) return false;
    const before = this.#order;
    this.#loading = direction;
    await load(roomId);
    if (this.#roomId !== roomId) return false;
    this.#loading = null;
    return this.#order !== before;
  }

  #reset(roomId: string | null): void {
    this.#roomId = roomId;
    this.#leaving = null;
    this.#items.clear();
    this.#echoes.clear();
    this.#order = [];
    this.#members = [];
    this.#hasOlder = false;
    this.#hasNewer = false;
    this.#firstUnreadId = null;
    this.#identityChanges = [];
    this.#roster = unjudged;
    this.#loading = null;
    this.#failure = null;
    this.#target = null;
    this.#sentId = null;
    this.#arrived = null;
  }
}
