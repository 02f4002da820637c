/**
 * The direct chat that another homeserver of the domain has made for two people. Its appservice keeps its own records;
 * what both can see is the room, so the room is asked.
 */
import pLimit from 'p-limit';
import { roomOriginKey, roomOriginSchema } from '#contract/event-content.ts';
import type { RoomId, UserId } from '#contract/ids.ts';
import type { PersonRoomReader, StateEvent } from '#appservice/matrix/ports.ts';
import { absentPeople } from './absent-people.ts';

export interface SisterChatQuery {
  /** Whose rooms are looked through: a person of the own homeserver. */
  readonly person: UserId;
  readonly partner: UserId;
  /** Id of the own trust domain. */
  readonly domain: string;
  /** The bots of the domain's other homeservers. */
  readonly sisterBots: ReadonlySet<UserId>;
}

/** A person is in a few dozen rooms; of almost all of them one small event is read. */
const roomsAtOnce = 8;

/** null if there is none, or if one of the two has left it. */
export async function findSisterChat(query: SisterChatQuery, homeserver: PersonRoomReader): Promise<RoomId | null> {
  const limit = pLimit(roomsAtOnce);
  const joined = (await homeserver.joinedRoomsOf(query.person)).toSorted();
  const found = await Promise.all(joined.map((roomId) => limit(() => isSisterChat(roomId, query, homeserver))));
  return joined.find((_roomId, index) => found[index]) ?? null;
}

async function isSisterChat(roomId: RoomId, query: SisterChatQuery, homeserver: PersonRoomReader): Promise<boolean> {
  const create = await homeserver.readCreateEventAs(query.person, roomId);
  if (create === null || !isMadeForTwo(create, query)) return false;
  const state = await homeserver.readStateAs(query.person, roomId);
  return hasExactly([query.person, query.partner, create.sender], state);
}

function isMadeForTwo({ sender, content }: StateEvent, { domain, sisterBots }: SisterChatQuery): boolean {
  const origin = roomOriginSchema.safeParse(content[roomOriginKey]).data;
  return sisterBots.has(sender) && origin?.domain === domain && origin.class === 'direkt';
}

function hasExactly(people: readonly UserId[], state: readonly StateEvent[]): boolean {
  const everybody = state.filter(({ type }) => type === 'm.room.member').map(({ state_key: userId }) => userId);
  const isNobodyElse = everybody.every((userId) => people.some((person) => person === userId));
  return isNobodyElse && absentPeople(people, state).every(({ isInvited }) => isInvited);
}
