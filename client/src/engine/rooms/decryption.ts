/** Decrypts what nobody has opened: previews, unread messages that may be mentions, messages that notify. */
import type { RoomTimeline } from '../timeline/room-timeline.ts';
import { isDecryptable, isMessage, shownType, type TimelineEvent } from '../timeline/timeline-event.ts';
import type { RoomStore } from './room-store.ts';
import { notifies } from './summarise.ts';

/** As many as the sync gives of a room at once. */
const newestCount = 20;

export class Decryption {
  readonly #store: RoomStore;
  /** Ids of messages that came in just now: told once they can be read, which may take until their key is there. */
  readonly #untold = new Set<string>();

  constructor(store: RoomStore) {
    this.#store = store;
  }

  /** Rooms whose preview waited for encryption, the latest first. */
  async previews(): Promise<void> {
    const waiting = this.#store.records.all().filter(({ preview }) => preview?.kind === 'pending');
    for (const { roomId } of waiting.toSorted((a, b) => b.lastActivityAt - a.lastActivityAt)) {
      await this.#store.use(roomId, (timeline) => this.newest(timeline));
    }
  }

  async newest(timeline: RoomTimeline): Promise<void> {
    await this.decrypt(timeline, timeline.history.live?.events.slice(-newestCount) ?? []);
  }

  /** What these sessions encrypted can be read now. */
  async retry(roomId: string, sessionIds: readonly string[]): Promise<void> {
    await this.#store.use(roomId, async (timeline) => {
      const failed = timeline.forgetFailures(sessionIds);
      await this.decrypt(timeline, [...failed, ...(timeline.history.live?.events.slice(-newestCount) ?? [])]);
    });
  }

  /** Tells of messages that came in just now, once they can be read. */
  async notify(timeline: RoomTimeline, live: readonly TimelineEvent[]): Promise<void> {
    for (const { id } of live) this.#untold.add(id);
    await this.decrypt(timeline, live);
  }

  async decrypt(timeline: RoomTimeline, events: readonly TimelineEvent[]): Promise<void> {
    const { encryption } = this.#store;
    if (encryption && (await timeline.decrypt(encryption, events))) await this.#store.keep(timeline);
    this.#tell(timeline, events);
  }

  #tell(timeline: RoomTimeline, events: readonly TimelineEvent[]): void {
    for (const { id } of events) {
      const event = timeline.event(id);
      if (!event || isDecryptable(event) || !this.#untold.delete(id)) continue;
      const item = this.#isWorthTelling(event, timeline) ? this.#store.itemOf(timeline, event) : null;
      if (item) this.#store.surroundings.onNotification(timeline.roomId, item);
    }
  }

  #isWorthTelling(event: TimelineEvent, timeline: RoomTimeline): boolean {
    const { userId } = this.#store.surroundings;
    if (event.senderId === userId || event.isRedacted || !isMessage(event)) return false;
    return shownType(event) === 'm.room.message' && notifies(event, timeline.roomId, this.#store.summaryContext);
  }
}
