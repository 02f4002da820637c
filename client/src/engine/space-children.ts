import type { Room } from 'matrix-js-sdk/lib/matrix.js';
import { z } from 'zod';

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

export function childIdsOf(space: Room): readonly string[] {
  const children: SpaceChild[] = [];
  for (const event of space.currentState.getStateEvents('m.space.child')) {
    const content = childSchema.safeParse(event.getContent());
    const roomId = event.getStateKey();
    if (!content.success || !roomId) continue;
    children.push({ roomId, order: content.data.order ?? null, since: event.getTs() });
  }
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
