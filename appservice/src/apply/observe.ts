/**
 * Reads what is there, from the rooms themselves: the create event says which address a room stands for, and only the
 * bot's own rooms count. So a lost database, or a crash between creating a room and noting it, makes no room twice.
 */
import pLimit from 'p-limit';
import { roomOriginKey, roomOriginSchema, type RoomOrigin } from '#contract/event-content.ts';
import { userIdSchema, type RoomId, type UserId } from '#contract/ids.ts';
import { rosterEventType } from '#contract/roster.ts';
import type { AccountReader, JoinedRoomsReader, RoomStateReader, StateEvent } from '#appservice/matrix/ports.ts';
import type { RosterSeal } from '#appservice/roster/roster-seal.ts';
import { membershipsOf, type ObservedRoom, type ObservedState } from '../reconciler/observed-state.ts';
import type { DesiredAccount } from '../reconciler/desired-state.ts';
import type { Inventory } from './inventory.ts';

export interface ObserveOptions {
  readonly homeserver: JoinedRoomsReader & RoomStateReader & AccountReader;
  readonly bot: UserId;
  readonly rosters: RosterSeal;
  /** Id of the own trust domain. */
  readonly domain: string;
  /** How many requests are under way at a time. */
  readonly concurrency: number;
}

/** A room that the bot created, with what its create event says about it. */
export interface OwnRoom extends ObservedRoom {
  readonly origin: RoomOrigin;
}

/** All rooms that the bot created and is in, one per address: the inventory's, otherwise the first by room id. */
export async function observeRooms(options: ObserveOptions, inventory: Inventory): Promise<OwnRoom[]> {
  const rooms = await observeThese(options, (await options.homeserver.joinedRooms()).toSorted());
  const byAddress = Map.groupBy(rooms, ({ address }) => address);
  return [...byAddress.values()].flatMap((candidates) => {
    const known = candidates.find(({ address, roomId }) => inventory.get(address) === roomId);
    return known ?? candidates[0] ?? [];
  });
}

/** Those of the rooms that the bot created, in the order of their ids as given. */
export async function observeThese(options: ObserveOptions, roomIds: readonly RoomId[]): Promise<OwnRoom[]> {
  const limit = pLimit(options.concurrency);
  return (await Promise.all(roomIds.map((roomId) => limit(() => observeRoom(options, roomId))))).flat();
}

/** One room; empty if the bot did not create it for this domain, or if it is older than room version 12. */
async function observeRoom({ homeserver, bot, domain, rosters }: ObserveOptions, roomId: RoomId): Promise<OwnRoom[]> {
  const all = await homeserver.readState(roomId);
  const state = all.filter(isNoRoster).map(withoutProfile).toSorted(byTypeAndKey);
  const create = state.find((event) => event.type === 'm.room.create' && event.state_key === '');
  const origin = roomOriginSchema.safeParse(create?.content[roomOriginKey]);
  const isOwn = create?.sender === bot && create.content['room_version'] === '12';
  if (!isOwn || !origin.success || origin.data.domain !== domain) return [];
  const roster = rosters.open(roomId, all);
  return [{ address: origin.data.address, roomId, state, roster, origin: origin.data }];
}

/** Opened, a roster is half as large. */
function isNoRoster({ type }: StateEvent): boolean {
  return type !== rosterEventType;
}

/** Rooms and accounts together. Only people who are in no room yet are asked for one by one. */
export async function completeObservation(
  { homeserver, concurrency }: Pick<ObserveOptions, 'homeserver' | 'concurrency'>,
  rooms: readonly ObservedRoom[],
  wanted: readonly DesiredAccount[],
): Promise<ObservedState> {
  const limit = pLimit(concurrency);
  const accounts = new Set(rooms.flatMap(joinedPeople));
  const unseen = wanted.filter(({ userId }) => !accounts.has(userId));
  await Promise.all(
    unseen.map(({ userId }) =>
      limit(async () => {
        if (await homeserver.accountExists(userId)) accounts.add(userId);
      }),
    ),
  );
  return { rooms: new Map(rooms.map((room) => [room.address, room])), accounts };
}

function joinedPeople(room: ObservedRoom): UserId[] {
  return [...membershipsOf(room)].flatMap(([member, membership]) => {
    const userId = userIdSchema.safeParse(member).data;
    return membership === 'join' && userId !== undefined ? [userId] : [];
  });
}

/** Names and pictures of members are nobody's concern here, and of 150,000 memberships they take the most memory. */
function withoutProfile(event: StateEvent): StateEvent {
  if (event.type !== 'm.room.member') return event;
  return { ...event, content: { membership: event.content['membership'] } };
}

/** Compared part by part: joining the parts would make two strings at each of millions of comparisons. */
function byTypeAndKey(one: StateEvent, other: StateEvent): number {
  if (one.type !== other.type) return one.type < other.type ? -1 : 1;
  return one.state_key < other.state_key ? -1 : 1;
}
