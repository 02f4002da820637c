import type { Change } from './change.ts';
import { isSpace } from './desired-room.ts';

/** The plan in words: one line for what adds, one per room for what may take something away. */
export function summarise(changes: readonly Change[]): string[] {
  const created = changes.flatMap((change) => (change.kind === 'CreateRoom' ? [change.after] : []));
  return [
    ...countLine(count(changes, 'RegisterAccount'), 'Registers', 'account', 'accounts'),
    ...countLine(created.filter(isSpace).length, 'Creates', 'space', 'spaces'),
    ...countLine(created.filter((room) => !isSpace(room)).length, 'Creates', 'room', 'rooms'),
    ...countLine(count(changes, 'Invite'), 'Sends', 'invitation', 'invitations'),
    ...countLine(count(changes, 'Join'), 'Joins people in', 'membership', 'memberships'),
    ...changes.flatMap(lineOf),
  ];
}

function count(changes: readonly Change[], kind: Change['kind']): number {
  return changes.filter((change) => change.kind === kind).length;
}

function countLine(number: number, verb: string, one: string, many: string): string[] {
  return number === 0 ? [] : [`${verb} ${number} ${number === 1 ? one : many}.`];
}

function lineOf(change: Change): string[] {
  switch (change.kind) {
    case 'RegisterAccount':
    case 'CreateRoom':
    case 'Invite':
    case 'Join':
      return [];
    case 'Kick':
    case 'Ban':
      return [`Removes ${change.userId} from ${change.address}: ${change.reason}.`];
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
