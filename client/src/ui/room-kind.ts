import type { Domain } from '#contract/api.ts';
import type { RoomSnapshot } from '../engine/protocol.ts';
import type { Messages } from '../i18n/german.ts';

export type RoomClassSummary = Domain['roomClasses'][number];

export function classOf(domain: Domain | null, room: RoomSnapshot): RoomClassSummary | null {
  return domain?.roomClasses.find((known) => known.name === room.origin?.class) ?? null;
}

/** What people call this kind of room. */
export function roomKind(t: Messages, domain: Domain | null, room: RoomSnapshot): string {
  if (room.origin?.class === 'direkt') return t.room.direct;
  if (room.origin?.class === 'gruppe') return t.room.group;
  return classOf(domain, room)?.title ?? '';
}
