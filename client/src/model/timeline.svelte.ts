import { SvelteMap } from 'svelte/reactivity';
import type { Engine, Failure, Member, TimelineItem, TimelineUpdate } from '../engine/protocol.ts';
import type { People } from './people.svelte.ts';
import { groupByDay, type TimelineDay } from './timeline-groups.ts';

/** The messages of the room that is open. */
export class Timeline {
  readonly #engine: Engine;
  readonly #people: People;
  readonly #items = new SvelteMap<string, TimelineItem>();
  #roomId = $state<string | null>(null);
  #order = $state.raw<readonly string[]>([]);
  #members = $state.raw<readonly Member[]>([]);
  #hasOlder = $state(false);
  #firstUnreadId = $state<string | null>(null);
  #isLoading = $state(false);
  #isLoadingOlder = $state(false);
  #failure = $state.raw<Failure | null>(null);
  /** The newest message that came in while the room was open; read out to those who cannot see it. */
  #arrived = $state.raw<TimelineItem | null>(null);

  readonly #list = $derived(this.#order.flatMap((id) => this.#items.get(id) ?? []));
  readonly #days = $derived(groupByDay(this.#list, this.#firstUnreadId));

  constructor(engine: Engine, people: People) {
    this.#engine = engine;
    this.#people = people;
  }

  get roomId(): string | null {
    return this.#roomId;
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

  get firstUnreadId(): string | null {
    return this.#firstUnreadId;
  }

  get isLoading(): boolean {
    return this.#isLoading;
  }

  get isLoadingOlder(): boolean {
    return this.#isLoadingOlder;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get arrived(): TimelineItem | null {
    return this.#arrived;
  }

  async open(roomId: string): Promise<void> {
    this.close();
    this.#roomId = roomId;
    this.#isLoading = true;
    const opened = await this.#engine.openRoom(roomId);
    if (this.#roomId !== roomId) return;
    this.#isLoading = false;
    this.#failure = opened.ok ? null : opened.failure;
  }

  close(): void {
    this.#engine.closeRoom();
    this.#roomId = null;
    this.#items.clear();
    this.#order = [];
    this.#members = [];
    this.#hasOlder = false;
    this.#firstUnreadId = null;
    this.#failure = null;
    this.#arrived = null;
  }

  async loadOlder(): Promise<void> {
    if (this.#roomId === null || !this.#hasOlder || this.#isLoadingOlder) return;
    this.#isLoadingOlder = true;
    await this.#engine.loadOlder(this.#roomId);
    this.#isLoadingOlder = false;
  }

  apply(update: TimelineUpdate): void {
    if (update.roomId !== this.#roomId) return;
    const newest = update.order.at(-1);
    const isArrival =
      !this.#isLoading && newest !== undefined && newest !== this.#order.at(-1) && !this.#items.has(newest);
    for (const item of update.changed) this.#items.set(item.id, item);
    this.#order = update.order;
    this.#hasOlder = update.hasOlder;
    this.#firstUnreadId = update.firstUnreadId;
    if (isArrival) this.#arrived = this.#items.get(newest) ?? null;
    this.#people.want([...new Set(update.changed.map((item) => item.senderId))]);
  }

  applyMembers(roomId: string, members: readonly Member[]): void {
    if (roomId !== this.#roomId) return;
    this.#members = members;
    this.#people.want(members.map((member) => member.userId));
  }
}
