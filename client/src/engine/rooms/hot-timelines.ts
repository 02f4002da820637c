import type { PendingMessages } from '../sending/pending-message.ts';
import type { Storage } from '../storage/storage.ts';
import { RoomTimeline } from '../timeline/room-timeline.ts';
import { StoredTimeline } from '../timeline/stored-timeline.ts';

/** So many rooms stay in memory besides those on a screen. */
const mostIdle = 10;

interface Room {
  readonly roomId: string;
  /** False: the storage knows nothing of its timeline. */
  readonly isStored: boolean;
}

interface Held {
  readonly timeline: Promise<RoomTimeline>;
  users: number;
}

/** The timelines in memory: one object a room at a time, so that nothing is written from two states. */
export class HotTimelines {
  readonly #storage: Storage;
  readonly #pending: PendingMessages;
  readonly #isUnstored: (timeline: RoomTimeline) => boolean;
  readonly #held = new Map<string, Held>();
  readonly #inMemory = new Map<string, RoomTimeline>();

  /** @param isUnstored the storage lacks some of it: it must not be read from there again */
  constructor(storage: Storage, pending: PendingMessages, isUnstored: (timeline: RoomTimeline) => boolean) {
    this.#storage = storage;
    this.#pending = pending;
    this.#isUnstored = isUnstored;
  }

  /** Keeps the timelines of these rooms in memory while `work` runs. */
  async use<T>(rooms: readonly Room[], work: (timelines: readonly RoomTimeline[]) => Promise<T> | T): Promise<T> {
    const held = rooms.map((room) => this.#hold(room));
    try {
      return await work(await Promise.all(held.map(({ timeline }) => timeline)));
    } finally {
      for (const each of held) each.users -= 1;
      this.#release();
    }
  }

  #hold({ roomId, isStored }: Room): Held {
    const held = this.#held.get(roomId) ?? { timeline: this.#load(roomId, isStored), users: 0 };
    // The most recently used stands last.
    this.#held.delete(roomId);
    this.#held.set(roomId, held);
    held.users += 1;
    return held;
  }

  /** Null: not in memory. */
  loaded(roomId: string): RoomTimeline | null {
    return this.#inMemory.get(roomId) ?? null;
  }

  watched(): readonly RoomTimeline[] {
    return [...this.#inMemory.values()].filter((timeline) => timeline.isWatched);
  }

  forget(roomId: string): void {
    this.#held.delete(roomId);
    this.#inMemory.delete(roomId);
  }

  async #load(roomId: string, isStored: boolean): Promise<RoomTimeline> {
    const read = isStored ? await StoredTimeline.read(this.#storage, roomId) : null;
    const stored = read?.stored ?? StoredTimeline.empty(roomId);
    const timeline = new RoomTimeline(roomId, read?.chunks ?? [], stored, this.#pending);
    this.#inMemory.set(roomId, timeline);
    return timeline;
  }

  #isNeeded(roomId: string): boolean {
    const timeline = this.loaded(roomId);
    return timeline !== null && (timeline.isWatched || this.#isUnstored(timeline));
  }

  #release(): void {
    const idle = [...this.#held].filter(([roomId, { users }]) => users === 0 && !this.#isNeeded(roomId));
    for (const [roomId] of idle.slice(0, Math.max(0, idle.length - mostIdle))) this.forget(roomId);
  }
}
