/**
 * Carries out the invitations and joins of a run in groups, where the homeserver can (docs/adr/0016). Changes still
 * come one by one, each with its journal and audit rows: the first one of a group joins the whole group, the others
 * find it done. Whoever the group did not bring is invited and joined singly, and so the refusal is the homeserver's own.
 */
import type { RoomId, UserId } from '#contract/ids.ts';
import type { Change } from '../reconciler/change.ts';
import type { Actor } from '#appservice/matrix/ports.ts';

/** Below it the module does what single requests do. */
const groupSizeMin = 3;
/** A request of this size ends within a few seconds, so that progress shows and a run can be stopped. */
const groupSizeMax = 100;

/** `joinersOf`: everybody whom the run will join to a room. */
export function joiningTogether(actor: Actor, joinersOf: (roomId: RoomId) => readonly UserId[]): Actor {
  return actor.joinTogether === null ? actor : inGroups(actor, actor.joinTogether, joinersOf);
}

function inGroups(
  actor: Actor,
  joinTogether: NonNullable<Actor['joinTogether']>,
  joinersOf: (roomId: RoomId) => readonly UserId[],
): Actor {
  const groups = new Map<RoomId, Map<UserId, Group>>();
  const uninvited = new Map<RoomId, ReadonlySet<UserId>>();
  let isAway = false;

  function groupsOf(roomId: RoomId): Map<UserId, Group> {
    const known = groups.get(roomId) ?? divide(joinersOf(roomId));
    groups.set(roomId, known);
    return known;
  }

  async function hasArrived(roomId: RoomId, userId: UserId): Promise<boolean> {
    const group = groupsOf(roomId).get(userId);
    if (group === undefined || isAway) return false;
    group.arrived ??= joinTogether(roomId, group.people).catch(() => {
      isAway = true;
      return new Set();
    });
    return (await group.arrived).has(userId);
  }

  return {
    ...actor,
    async createRoom(creation) {
      if (creation.invite.length < groupSizeMin) return actor.createRoom(creation);
      const roomId = await actor.createRoom({ ...creation, invite: [] });
      uninvited.set(roomId, new Set(creation.invite));
      return roomId;
    },
    async invite(roomId, userId) {
      if (!(await hasArrived(roomId, userId))) await actor.invite(roomId, userId);
    },
    async joinAs(userId, roomId, via) {
      if (await hasArrived(roomId, userId)) return;
      if (uninvited.get(roomId)?.has(userId) === true) await actor.invite(roomId, userId);
      await actor.joinAs(userId, roomId, via);
    },
  };
}

/** Everybody whom the changes will join to a room. `rooms`: also those that are created meanwhile. */
export function joinersIn(
  changes: readonly Change[],
  rooms: ReadonlyMap<string, RoomId>,
): (roomId: RoomId) => readonly UserId[] {
  const joins = changes.filter((change) => change.kind === 'Join');
  const byAddress = Map.groupBy(joins, ({ address }) => address);
  return (wanted) => {
    const [address] = [...rooms].find(([, roomId]) => roomId === wanted) ?? [];
    return (address === undefined ? [] : (byAddress.get(address) ?? [])).map(({ userId }) => userId);
  };
}

interface Group {
  readonly people: readonly UserId[];
  /** Who is in the room, once it was asked for; nobody if that failed. */
  arrived?: Promise<ReadonlySet<UserId>>;
}

/** By person. Too few for a group are in none. */
function divide(people: readonly UserId[]): Map<UserId, Group> {
  const starts = Array.from({ length: Math.ceil(people.length / groupSizeMax) }, (_, index) => index * groupSizeMax);
  const divided = starts.map((start) => ({ people: people.slice(start, start + groupSizeMax) }));
  const whole = divided.filter((group) => group.people.length >= groupSizeMin);
  return new Map(whole.flatMap((group) => group.people.map((person) => [person, group] as const)));
}
