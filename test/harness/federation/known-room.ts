/**
 * What an attacker is granted to know of a room: its id and the ids of its events. Somebody who left may know them;
 * a wall that holds only while ids are secret is none.
 */
import type { EventId, RoomId } from '#contract/ids.ts';
import { readMessages, readState, type RoomEvent } from '../matrix/rooms.ts';
import type { MatrixSession } from '../matrix/session.ts';
import type { JsonObject } from './canonical-json.ts';
import type { EventDraft } from './event.ts';

export interface KnownRoom {
  readonly roomId: RoomId;
  readonly state: readonly RoomEvent[];
  /** The newest event that a member sees. */
  readonly latest: EventId;
}

/** Deeper than any room of the tests. Servers accept any depth and order by it only what they know no better. */
const forgedDepth = 10_000;

/** Reads a room through the eyes of a member. */
export async function knowRoom(member: MatrixSession, roomId: RoomId): Promise<KnownRoom> {
  const [state, messages] = [await readState(member, roomId), await readMessages(member, roomId)];
  const latest = messages[0];
  if (latest === undefined) throw new Error(`${member.userId} sees no event in ${roomId}`);
  return { roomId, state, latest: latest.event_id };
}

export function stateEvent(room: KnownRoom, type: string, stateKey = ''): RoomEvent | undefined {
  return room.state.find((event) => event.type === type && event.state_key === stateKey);
}

/** A message or any other event that is no state. */
export function draftEvent(room: KnownRoom, sender: string, type: string, content: JsonObject): EventDraft {
  return { ...draftIn(room, sender, [['m.room.member', sender]]), type, content };
}

export function draftMembership(room: KnownRoom, sender: string, target: string, membership: string): EventDraft {
  const authorities: [string, string][] = [
    ['m.room.join_rules', ''],
    ['m.room.member', sender],
  ];
  if (target !== sender) authorities.push(['m.room.member', target]);
  const content = membershipContent(room, target, membership);
  return { ...draftIn(room, sender, authorities), type: 'm.room.member', state_key: target, content };
}

/** Who joins once more keeps the name that the room knows. */
function membershipContent(room: KnownRoom, target: string, membership: string): JsonObject {
  const present = stateEvent(room, 'm.room.member', target)?.content;
  return present?.['membership'] === membership ? present : { membership };
}

/**
 * The events that authorise one (Matrix specification, server-server API, "Auth events selection"); in room version
 * 12 the create event is implied by the room id and left out.
 */
function draftIn(room: KnownRoom, sender: string, authorities: readonly (readonly [string, string])[]) {
  const keys = [['m.room.power_levels', ''] as const, ...authorities];
  const events = keys.map(([type, key]) => stateEvent(room, type, key)).filter((event) => event !== undefined);
  return {
    sender,
    room_id: room.roomId,
    prev_events: [room.latest],
    auth_events: events.map((event) => event.event_id),
    depth: forgedDepth,
  };
}
