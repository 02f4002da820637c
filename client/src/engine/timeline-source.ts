/** Follows one opened room and says what changed in it. */
import type { MatrixClient, Room } from 'matrix-js-sdk/lib/matrix.js';
import { isMessage } from './message-body.ts';
import type { TimelineItem, TimelineUpdate } from './protocol.ts';
import { itemOf, itemIdOf } from './timeline-item.ts';

const pageSize = 40;
/** A room opens with at least this many messages, if it has them. */
const firstScreen = 25;
/** Joins and other state fill pages too; after so many pages the person asks for more by scrolling. */
const pagesAtOpening = 8;

export interface TimelineSource {
  readonly roomId: string;
  /** Null if nothing on the screen has changed. */
  update(): TimelineUpdate | null;
  loadFirstScreen(): Promise<void>;
  loadOlder(): Promise<void>;
}

export function timelineSource(client: MatrixClient, room: Room): TimelineSource {
  const shown = new Map<string, string>();
  let lastOrder = '';
  const firstUnreadId = firstUnreadOf(room);

  function update(): TimelineUpdate | null {
    const items = itemsOf(room);
    const changed = items.filter((item) => remember(item));
    const order = items.map((item) => item.id);
    const key = `${order.join(' ')} ${String(hasOlder(room))}`;
    if (changed.length === 0 && key === lastOrder) return null;
    lastOrder = key;
    return { roomId: room.roomId, changed, order, hasOlder: hasOlder(room), firstUnreadId };
  }

  function remember(item: TimelineItem): boolean {
    const content = JSON.stringify(item);
    if (shown.get(item.id) === content) return false;
    shown.set(item.id, content);
    return true;
  }

  async function loadUntil(wanted: number): Promise<void> {
    for (let page = 0; page < pagesAtOpening && hasOlder(room); page += 1) {
      if (itemsOf(room).length >= wanted) return;
      await client.scrollback(room, pageSize);
    }
  }

  return {
    roomId: room.roomId,
    update,
    loadFirstScreen: () => loadUntil(firstScreen),
    loadOlder: () => loadUntil(itemsOf(room).length + firstScreen),
  };
}

/** Messages in order, each once: a server may repeat events between sync and history. */
function itemsOf(room: Room): readonly TimelineItem[] {
  const events = [...room.getLiveTimeline().getEvents(), ...room.getPendingEvents()];
  const items = new Map<string, TimelineItem>();
  for (const event of events) {
    if (!isMessage(event)) continue;
    const item = itemOf(room, event);
    if (!items.has(item.id)) items.set(item.id, item);
  }
  return [...items.values()];
}

function hasOlder(room: Room): boolean {
  return room.oldState.paginationToken !== null;
}

function firstUnreadOf(room: Room): string | null {
  const readUpTo = room.getEventReadUpTo(room.myUserId);
  const events = room.getLiveTimeline().getEvents();
  const read = events.findIndex((event) => event.getId() === readUpTo);
  if (readUpTo === null || read < 0) return null;
  const unread = events.slice(read + 1).find((event) => isMessage(event) && event.getSender() !== room.myUserId);
  return unread ? itemIdOf(unread) : null;
}
