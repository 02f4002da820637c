import type { Room } from 'matrix-js-sdk/lib/matrix.js';
import { isServiceAccount } from './origin.ts';
import type { Member } from './protocol.ts';

/** Everybody in the room and everybody on the way in, without bots. */
export async function loadMembers(room: Room): Promise<readonly Member[]> {
  await room.loadMembersIfNeeded();
  return membersOf(room);
}

function membersOf(room: Room): readonly Member[] {
  return room
    .getMembers()
    .filter((member) => member.membership === 'join' || member.membership === 'invite')
    .filter((member) => !isServiceAccount(member.userId))
    .map((member) => ({ userId: member.userId, name: member.rawDisplayName || member.userId }));
}
