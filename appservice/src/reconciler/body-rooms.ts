import { serverNameOf } from '#contract/ids.ts';
import type { BodyDeclaration, MemberRule, RoomDeclaration } from '#contract/organisation.ts';
import type { RoomClassName } from '#contract/room-class.ts';
import {
  placedUnitsOf,
  userIdsOfRules,
  type OrganisationDirectory,
  type PlacedUnit,
} from '../organisation/directory.ts';
import { firstIdOf } from '#contract/first-id.ts';
import { declaredRoomAddress, roomAddress, spaceAddress } from './addresses.ts';
import { rulesOf, type DesiredRoom } from './desired-room.ts';

/** Stands between a body's short name and its label. */
export const separator = ' – ';

/** How the space of a body is called. */
export function bodySpaceName({ short, label }: Pick<BodyDeclaration, 'short' | 'label'>): string {
  return label === undefined ? short : `${short}${separator}${label}`;
}

/** How a body's announcement room is called. */
export function announcementsName(short: string): string {
  return `Mitteilungen ${short}`;
}

/** All rooms and spaces of one body; spaces have no children yet. */
export function computeBodyRooms(body: BodyDeclaration, directory: OrganisationDirectory): DesiredRoom[] {
  const builder: RoomBuilder = { body, directory };
  return [
    computeBodySpace(builder),
    computeAnnouncementRoom(builder),
    ...placedUnitsOf(body).flatMap((placed) => computeUnitRooms(builder, placed)),
    ...body.rooms.map((room) => computeDeclaredRoom(builder, room)),
  ];
}

/** Address of the nearest space at or above a unit: of the unit itself if it has units below it, else of one above it. */
export function nearestSpace(body: BodyDeclaration, unitId: string | undefined): string {
  const placed = placedUnitsOf(body).find(({ unit }) => unit.id === unitId);
  if (placed === undefined) return spaceAddress(firstIdOf(body));
  return placed.unit.units.length > 0
    ? spaceAddress(firstIdOf(body), firstIdOf(placed.unit))
    : parentSpace(body, placed);
}

interface RoomBuilder {
  readonly body: BodyDeclaration;
  readonly directory: OrganisationDirectory;
}

interface RoomOutline {
  readonly address: string;
  readonly class: RoomClassName | 'space';
  readonly name: string;
  readonly topic?: string | undefined;
  readonly members: readonly MemberRule[];
  readonly posters?: readonly MemberRule[];
  readonly parent: string | null;
}

function computeBodySpace({ body, directory }: RoomBuilder): DesiredRoom {
  const name = bodySpaceName(body);
  const members = [{ body: body.id }];
  return buildRoom(
    { body, directory },
    { address: spaceAddress(firstIdOf(body)), class: 'space', name, members, parent: null },
  );
}

function computeAnnouncementRoom(builder: RoomBuilder): DesiredRoom {
  const { id, short, announcers } = builder.body;
  const firstId = firstIdOf(builder.body);
  return buildRoom(builder, {
    address: roomAddress(firstId),
    class: 'dienststelle',
    name: announcementsName(short),
    members: [{ body: id }],
    posters: announcers,
    parent: spaceAddress(firstId),
  });
}

function computeUnitRooms(builder: RoomBuilder, placed: PlacedUnit): DesiredRoom[] {
  const { id } = builder.body;
  const firstId = firstIdOf(builder.body);
  const { unit } = placed;
  const hasSpace = unit.units.length > 0;
  const shared = { name: unit.name, members: [{ unit: `${id}/${unit.id}` }] };
  const parent = parentSpace(builder.body, placed);
  const space = spaceAddress(firstId, firstIdOf(unit));
  return [
    ...(hasSpace ? [buildRoom(builder, { ...shared, address: space, class: 'space', parent })] : []),
    buildRoom(builder, {
      ...shared,
      address: roomAddress(firstId, firstIdOf(unit)),
      class: 'einheit',
      parent: hasSpace ? space : parent,
    }),
  ];
}

function parentSpace(body: BodyDeclaration, { ancestors }: PlacedUnit): string {
  const above = ancestors.at(-1);
  return spaceAddress(firstIdOf(body), above && firstIdOf(above));
}

function computeDeclaredRoom(builder: RoomBuilder, room: RoomDeclaration): DesiredRoom {
  return buildRoom(builder, {
    address: declaredRoomAddress(firstIdOf(builder.body), firstIdOf(room)),
    class: room.class,
    name: room.name,
    topic: room.topic,
    members: room.members,
    posters: room.posters,
    parent: nearestSpace(builder.body, room.unit),
  });
}

function buildRoom({ body, directory }: RoomBuilder, outline: RoomOutline): DesiredRoom {
  const { roomClasses, domain } = directory.organisation;
  const rules = outline.class === 'space' ? null : rulesOf(roomClasses[outline.class]);
  const members = userIdsOfRules(directory, outline.members);
  const posters = rules?.posting === 'named' ? userIdsOfRules(directory, outline.posters ?? []) : [];
  const isMember = new Set(members);
  return {
    address: outline.address,
    class: outline.class,
    domain: domain.id,
    body: firstIdOf(body),
    name: outline.name,
    topic: outline.topic ?? null,
    servers: [...new Set([body.server, ...members.map(serverNameOf)])].sort(),
    members,
    outsiders: [],
    // Somebody who is not in the room cannot write there; a level for them would only wait for their return.
    posters: posters.filter((poster) => isMember.has(poster)),
    rules,
    children: [],
    parent: outline.parent,
    membership: 'declared',
  };
}
