import { z } from 'zod';
import type { RoomRecord } from './room-record.ts';

const childSchema = z.object({ via: z.array(z.string()).min(1), order: z.string().max(50).optional() });

export interface SpaceChild {
  readonly roomId: string;
  readonly order: string | null;
  readonly since: number;
}

/** Matrix specification, client-server API, "Ordering of children within a space". */
export function orderChildren(children: readonly SpaceChild[]): readonly string[] {
  return children.toSorted(compareChildren).map((child) => child.roomId);
}

/** Rooms below a space. A child without servers was taken out of it. */
export function childIdsOf(space: RoomRecord): readonly string[] {
  const children = Object.values(space.state).flatMap(({ type, stateKey: roomId, sentAt, content }) => {
    const parsed = type === 'm.space.child' ? childSchema.safeParse(content).data : undefined;
    return parsed && roomId !== '' ? [{ roomId, order: parsed.order ?? null, since: sentAt }] : [];
  });
  return orderChildren(children);
}

function compareChildren(a: SpaceChild, b: SpaceChild): number {
  if (a.order !== b.order) {
    if (a.order === null) return 1;
    if (b.order === null) return -1;
    return a.order < b.order ? -1 : 1;
  }
  return a.since - b.since || (a.roomId < b.roomId ? -1 : 1);
}
