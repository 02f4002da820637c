/** Who is in a room. Asked for once; from then on the sync tells of each change, unless it leaves something out. */
import { z } from 'zod';
import { parseEvents } from '../matrix/event-schema.ts';
import type { HomeserverApi } from '../matrix/homeserver-api.ts';
import { roomPath } from '../timeline/history-requests.ts';

export const memberListSchema = z.record(
  z.string(),
  z.object({ name: z.string(), membership: z.enum(['join', 'invite']) }),
);
/** By user id. */
export type MemberList = z.infer<typeof memberListSchema>;

/** What of an event matters here; the sync's and the timeline's have it. */
interface MembershipEvent {
  readonly type: string;
  readonly stateKey: string | null;
  readonly content: Readonly<Record<string, unknown>>;
}

export async function fetchMembers(api: HomeserverApi, roomId: string): Promise<MemberList> {
  const body = await api.request('GET', `${roomPath(roomId)}/members`, { query: { not_membership: 'leave' } });
  const { values } = parseEvents(z.object({ chunk: z.unknown().optional() }).parse(body).chunk);
  const events = values.map(({ type, state_key: stateKey, content }) => ({
    type,
    stateKey: stateKey ?? null,
    content,
  }));
  return withMembers({}, events);
}

export function withMembers(list: MemberList, events: readonly MembershipEvent[]): MemberList {
  const changed = new Map(Object.entries(list));
  for (const { type, stateKey, content } of events) {
    if (type !== 'm.room.member' || stateKey === null) continue;
    const { membership, displayname: name } = content;
    if (membership !== 'join' && membership !== 'invite') changed.delete(stateKey);
    else
      changed.set(stateKey, {
        membership,
        name: typeof name === 'string' && name !== '' ? name.slice(0, 255) : stateKey,
      });
  }
  return Object.fromEntries(changed);
}
