/** Which changes protect people, and which only tidy up. */
import { isSetState, type Change, type SetRoster, type SetState } from './change.ts';

const cosmetic: ReadonlySet<Change['kind']> = new Set<Change['kind']>([
  'SetName',
  'SetTopic',
  'LinkSpaceParent',
  'LinkSpaceChild',
  'UnlinkSpaceParent',
]);

/**
 * Whether the room protects nobody less while this difference stands. A foreign room in a space is none: it leads people
 * astray. Nor is a member who is missing: who can silence somebody unnoticed has broken into the room.
 */
export function isCosmetic({ kind }: Pick<Change, 'kind'>): boolean {
  return cosmetic.has(kind);
}

/** State that decides who reads, who comes in and who may change it. */
export function isProtectiveState(change: Change): change is SetRoster | SetState {
  return change.kind === 'SetRoster' || (isSetState(change) && !isCosmetic(change));
}
