import { isRemoval, type Ban, type Change, type Kick, type Unban } from './change.ts';
import { isSpace } from './desired-room.ts';

/** The plan in words: one line for all that adds or takes people away, one for each other change of a room. */
export function summarise(changes: readonly Change[]): string[] {
  const created = changes.flatMap((change) => (change.kind === 'CreateRoom' ? [change.after] : []));
  return [
    ...countLine(count(changes, 'RegisterAccount'), 'Registers', 'account', 'accounts'),
    ...countLine(created.filter(isSpace).length, 'Creates', 'space', 'spaces'),
    ...countLine(created.filter((room) => !isSpace(room)).length, 'Creates', 'room', 'rooms'),
    ...countLine(count(changes, 'SetRoster'), 'Signs', 'roster', 'rosters'),
    ...countLine(count(changes, 'Invite'), 'Sends', 'invitation', 'invitations'),
    ...countLine(count(changes, 'Join'), 'Joins people in', 'membership', 'memberships'),
    ...peopleLine(changes.filter(isRemoval), 'Removes', 'from'),
    ...peopleLine(
      changes.filter((change) => change.kind === 'Unban'),
      'Readmits',
      'to',
    ),
    ...changes.flatMap(lineOf),
  ];
}

function count(changes: readonly Change[], kind: Change['kind']): number {
  return changes.filter((change) => change.kind === kind).length;
}

function countLine(number: number, verb: string, one: string, many: string): string[] {
  return number === 0 ? [] : [`${verb} ${number} ${number === 1 ? one : many}.`];
}

/** `Removes 214 people from 3 rooms.` */
function peopleLine(changes: readonly (Ban | Kick | Unban)[], verb: string, preposition: string): string[] {
  if (changes.length === 0) return [];
  const people = new Set(changes.map(({ userId }) => userId)).size;
  const rooms = new Set(changes.map(({ address }) => address)).size;
  return [
    `${verb} ${people} ${people === 1 ? 'person' : 'people'} ${preposition} ${rooms} ${rooms === 1 ? 'room' : 'rooms'}.`,
  ];
}

function lineOf(change: Change): string[] {
  switch (change.kind) {
    case 'RegisterAccount':
    case 'CreateRoom':
    case 'SetRoster':
    case 'Invite':
    case 'Join':
    case 'Kick':
    case 'Ban':
    case 'Unban':
      return [];
    case 'LinkSpaceChild':
      return [`Shows ${change.after} in ${change.address}.`];
    case 'LinkSpaceParent':
      return [`Places ${change.address} in ${change.after}.`];
    case 'UnlinkSpaceChild':
    case 'UnlinkSpaceParent':
      return [`Removes the link from ${change.address} to ${change.before}.`];
    default:
      return [`${change.kind} in ${change.address}: ${change.reason}.`];
  }
}
