/**
 * Rooms of the reference organisation that federation tests use.
 */
import { randomUUID } from 'node:crypto';
import { roomOriginKey } from '#contract/event-content.ts';
import type { ServerName } from '#contract/ids.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { readProvisionedRooms, type ProvisionedRoom } from '#test/harness/matrix/rooms.ts';
import type { MatrixSession } from '#test/harness/matrix/session.ts';
import { schule } from './running-stack.ts';

/** The unit whose people are in a room of their own and in the one with the schools. */
export const schoolUnit = 'hkm/referat-3-2';

/** The room over the ministry for schools and the schools' server: the one declared room that federates. */
const withSchools = 'room/hkm/+schulleitungen';

/** What the create event of a room of the trust domain `land` says. */
export const roomOfLand = {
  [roomOriginKey]: { domain: 'land', class: 'gruppe', address: `conversation/${randomUUID()}`, body: null },
};

/** The everyday room of a session's unit: it exists on its own server only. Throws if the person is in none. */
export function unitRoom(session: MatrixSession): Promise<ProvisionedRoom> {
  return roomWhere(session, 'room of a unit', (room) => room.origin.class === 'einheit');
}

/**
 * Waits until somebody of the schools is in it too: their appservice joins people soon after the ministry's invited
 * them. Throws if that takes longer than a minute, or the person is not in the room.
 */
export function roomWithSchools(session: MatrixSession): Promise<ProvisionedRoom> {
  return waitUntil(
    `somebody of ${schule} in ${withSchools}`,
    async () => {
      const room = await roomWhere(session, withSchools, ({ origin }) => origin.address === withSchools);
      return room.members.some((userId) => userId.endsWith(`:${schule}`)) ? room : undefined;
    },
    60_000,
  );
}

async function roomWhere(
  session: MatrixSession,
  what: string,
  fits: (room: ProvisionedRoom) => boolean,
): Promise<ProvisionedRoom> {
  const room = (await readProvisionedRooms(session)).find(fits);
  if (room === undefined) throw new Error(`${session.userId} is in no ${what}`);
  return room;
}

/** Somebody of a server who is in the room. Throws if nobody is. */
export function memberOf(room: ProvisionedRoom, serverName: ServerName): string {
  const member = room.members.find((userId) => userId.endsWith(`:${serverName}`) && !userId.startsWith('@landbote'));
  if (member === undefined) throw new Error(`nobody of ${serverName} is in ${room.origin.address}`);
  return member;
}
