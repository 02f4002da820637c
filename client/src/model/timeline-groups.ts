import type { TimelineItem } from '../engine/protocol.ts';

/** Messages of one person within a few minutes stand together under one name. */
export interface MessageGroup {
  readonly id: string;
  readonly senderId: string;
  readonly senderName: string;
  readonly isOwn: boolean;
  readonly items: readonly TimelineItem[];
}

export interface TimelineDay {
  readonly id: string;
  /** Any time within the day, in milliseconds since the epoch. */
  readonly at: number;
  readonly groups: readonly MessageGroup[];
}

const groupBreakMs = 5 * 60_000;

interface OpenGroup {
  readonly senderId: string;
  readonly items: TimelineItem[];
}

/** Days → groups → messages. A new group begins with another person, a day, five quiet minutes, or the unread mark. */
export function groupByDay(items: readonly TimelineItem[], firstUnreadId: string | null): readonly TimelineDay[] {
  const days: { at: number; key: string; groups: OpenGroup[] }[] = [];
  let previous: TimelineItem | undefined;
  for (const item of items) {
    const key = new Date(item.sentAt).toDateString();
    let day = days.at(-1);
    if (day?.key !== key) {
      day = { at: item.sentAt, key, groups: [] };
      days.push(day);
      previous = undefined;
    }
    const group = day.groups.at(-1);
    if (group && continues(previous, item) && item.id !== firstUnreadId) group.items.push(item);
    else day.groups.push({ senderId: item.senderId, items: [item] });
    previous = item;
  }
  return withIds(days);
}

function continues(previous: TimelineItem | undefined, item: TimelineItem): boolean {
  return previous?.senderId === item.senderId && item.sentAt - previous.sentAt < groupBreakMs;
}

/**
 * A day keeps its id while older messages come in. A clock of a server that jumps back can bring the same day twice,
 * so the id counts.
 */
function withIds(days: readonly { at: number; key: string; groups: readonly OpenGroup[] }[]): readonly TimelineDay[] {
  const seen = new Map<string, number>();
  return days.map((day) => {
    const occurrence = seen.get(day.key) ?? 0;
    seen.set(day.key, occurrence + 1);
    const groups = day.groups.map((group) => {
      const first = group.items[0];
      return {
        id: first?.id ?? '',
        senderId: group.senderId,
        senderName: first?.senderName ?? group.senderId,
        isOwn: first?.isOwn ?? false,
        items: group.items,
      };
    });
    return { id: `${day.key} ${occurrence}`, at: day.at, groups };
  });
}
