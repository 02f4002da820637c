import type { UserId } from '#contract/ids.ts';
import type { BodyDeclaration } from '#contract/organisation.ts';
import type { OrganisationDirectory } from '../organisation/directory.ts';
import { firstIdOf } from '#contract/first-id.ts';
import { spaceAddress } from './addresses.ts';
import type { DesiredRoom } from './desired-room.ts';

/**
 * Gives every space its children: what names it as its parent, and rooms over several bodies whose members of this
 * body would not find them otherwise, because they are not in the space where the room stands.
 */
export function linkIntoSpaces(
  rooms: readonly DesiredRoom[],
  bodies: readonly BodyDeclaration[],
  directory: OrganisationDirectory,
): DesiredRoom[] {
  const spaces = new Map(rooms.filter((room) => room.class === 'space').map((space) => [space.address, space]));
  const bodySpaces = new Set(bodies.map((body) => spaceAddress(firstIdOf(body))));
  const children = new Map<string, string[]>();
  for (const room of rooms) {
    for (const space of spacesOf(room, spaces, bodySpaces, directory)) {
      children.set(space, [...(children.get(space) ?? []), room.address]);
    }
  }
  return rooms.map((room) => ({ ...room, children: (children.get(room.address) ?? []).toSorted() }));
}

function spacesOf(
  room: DesiredRoom,
  spaces: ReadonlyMap<string, DesiredRoom>,
  bodySpaces: ReadonlySet<string>,
  directory: OrganisationDirectory,
): Set<string> {
  if (room.parent === null) return new Set();
  const membersOfParent = new Set(spaces.get(room.parent)?.members);
  const outside = room.members.filter((member) => !membersOfParent.has(member));
  const others = outside.map((member) => bodySpaceOf(member, directory)).filter((space) => bodySpaces.has(space));
  return new Set([room.parent, ...others]);
}

function bodySpaceOf(member: UserId, { peopleByUserId }: OrganisationDirectory): string {
  const body = peopleByUserId.get(member)?.body;
  return spaceAddress(body === undefined ? '' : firstIdOf(body));
}
