import type { RoomSnapshot, TimelineItem, TimelineUpdate, Update } from '../protocol.ts';

/** The latest of what every page shows, for pages that join later and for the boot snapshot. */
export class LatestUpdates {
  readonly #emit: (update: Update) => void;
  readonly #rooms = new Map<string, RoomSnapshot>();
  readonly #single = new Map<string, Update>();
  #hasRooms = false;
  #timeline: { update: TimelineUpdate; items: Map<string, TimelineItem> } | null = null;

  constructor(emit: (update: Update) => void) {
    this.#emit = emit;
  }

  /** Passes the update on to all pages and remembers it. */
  take(update: Update): void {
    if (update.type === 'rooms') this.#takeRooms(update.changed, update.removedIds);
    else this.#single.set(update.type === 'set-up' ? `set-up ${update.done}` : update.type, update);
    this.#emit(update);
  }

  /** Remembers what one page shows of the room that was opened last; nobody else is told. */
  noteTimeline(update: TimelineUpdate): void {
    const isSame = this.#timeline?.update.roomId === update.roomId;
    const items = isSame && this.#timeline ? this.#timeline.items : new Map<string, TimelineItem>();
    for (const item of update.changed) items.set(item.id, item);
    this.#timeline = { update, items };
  }

  /** Everything a page needs to show what the others show, the list first. */
  all(): readonly Update[] {
    return [...(this.#hasRooms ? [this.rooms()] : []), ...this.#single.values()];
  }

  rooms(): Update & { readonly type: 'rooms' } {
    return { type: 'rooms', changed: [...this.#rooms.values()], removedIds: [] };
  }

  /** The room that was opened last, with its newest messages. Null while a jump shows older ones. */
  timeline(itemsMax: number): TimelineUpdate | null {
    if (!this.#timeline || this.#timeline.update.hasNewer) return null;
    const { update, items } = this.#timeline;
    const order = update.order.slice(-itemsMax);
    const hasOlder = update.hasOlder || order.length < update.order.length;
    return { ...update, order, hasOlder, changed: order.flatMap((id) => items.get(id) ?? []) };
  }

  #takeRooms(changed: readonly RoomSnapshot[], removedIds: readonly string[]): void {
    this.#hasRooms = true;
    for (const room of changed) this.#rooms.set(room.roomId, room);
    for (const roomId of removedIds) this.#rooms.delete(roomId);
  }
}
