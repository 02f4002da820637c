/** The rooms that a body leads, and who announces in it. */
import { firstIdOf } from '#contract/first-id.ts';
import { nameSchema } from '#contract/name.ts';
import type { BodyDeclaration, MemberRule, RoomDeclaration } from '#contract/organisation.ts';
import type { RoomClassName } from '#contract/room-class.ts';
import { userIdsOfRules, type OrganisationDirectory } from '../organisation/directory.ts';
import { parseAddress } from '../reconciler/addresses.ts';
import { nearestSpace } from '../reconciler/body-rooms.ts';
import { createIds, usableName } from './choose-names.ts';
import { inDeclaredOrder } from './declared-order.ts';
import { declaredAmong, rulesNaming, type RuleContext } from './draft-rules.ts';
import type { Report } from './findings.ts';
import { labelOf, type FoundRoom } from './found-room.ts';
import type { NamedPlace } from './name-places.ts';

export interface RoomContext {
  readonly body: BodyDeclaration;
  /** The same body in force. */
  readonly known: BodyDeclaration | undefined;
  /** Of everybody in the draft. */
  readonly directory: OrganisationDirectory;
  readonly report: Report;
}

/** What rooms are that people made: the class without any assumption beside that people work together. */
const assumedClass: RoomClassName = 'gemeinsam';

export function draftRooms(place: NamedPlace, context: RoomContext): RoomDeclaration[] {
  const found = roomsBelow(place, undefined);
  const newId = createIds(found.flatMap(({ room }) => firstIdIn(room) ?? []));
  const rooms = found.flatMap(({ room, unit }) => draftRoom(room, unit, newId, context));
  return inDeclaredOrder(rooms, context.known?.rooms ?? []);
}

interface StandingRoom {
  readonly room: FoundRoom;
  readonly unit: string | undefined;
}

function roomsBelow({ rooms, units }: NamedPlace, unit: string | undefined): StandingRoom[] {
  return [...rooms.map((room) => ({ room, unit })), ...units.flatMap((below) => roomsBelow(below, below.id))];
}

function firstIdIn({ origin }: FoundRoom): string | null {
  return origin === null ? null : (parseAddress(origin.address)?.room ?? null);
}

function draftRoom(
  room: FoundRoom,
  unit: string | undefined,
  newId: (name: string) => string,
  { body, known: knownBody, directory, report }: RoomContext,
): RoomDeclaration[] {
  const firstId = firstIdIn(room);
  const known = knownBody?.rooms.find((declared) => firstIdOf(declared) === firstId);
  const context: RuleContext = { directory, body, subject: labelOf(room), report };
  const members = rulesNaming(declaredAmong(room.members, context), known?.members, context);
  if (members.length === 0) {
    report('room-without-people', labelOf(room));
    return [];
  }
  const id = known?.id ?? firstId ?? newId(room.name ?? '');
  const topic = nameSchema.max(300).safeParse(room.topic ?? undefined);
  if (room.topic !== null && !topic.success) report('name-unusable', room.topic);
  const roomClass = classOf(room, report);
  return [
    {
      ...known,
      id,
      class: roomClass,
      name: usableName(nameSchema.max(120), room.name, id, report),
      topic: topic.data,
      unit: unitOf(unit, known, body),
      members,
      posters: postersOf(room, roomClass, known, context),
    },
  ];
}

function classOf(room: FoundRoom, report: Report): RoomClassName {
  const { origin } = room;
  if (origin !== null && origin.class !== 'space') return origin.class;
  report('class-assumed', labelOf(room), assumedClass);
  return assumedClass;
}

/** A unit without a space of its own shows in none: what is declared stays if it leads to the same space. */
function unitOf(
  unit: string | undefined,
  known: RoomDeclaration | undefined,
  body: BodyDeclaration,
): string | undefined {
  const isKept = known?.unit !== undefined && nearestSpace(body, known.unit) === nearestSpace(body, unit);
  return isKept ? known.unit : unit;
}

function postersOf(
  room: FoundRoom,
  roomClass: RoomClassName,
  known: RoomDeclaration | undefined,
  context: RuleContext,
): MemberRule[] {
  const { posting } = context.directory.organisation.roomClasses[roomClass];
  return posting === 'named' ? writersOf(room, known?.posters, context) : (known?.posters ?? []);
}

export function draftAnnouncers(
  { space, room }: NamedPlace,
  { body, known, directory, report }: RoomContext,
): MemberRule[] {
  const context: RuleContext = { directory, body, subject: body.id, report };
  if (room !== null) {
    const rules = writersOf(room, known?.announcers, context);
    if (rules.length > 0) return rules;
  }
  const leading = space === null || room !== null ? [] : declaredAmong([space.creator, ...space.writers], context);
  const rules = rulesNaming([...new Set(leading)], undefined, context);
  const chosen = rules.length > 0 ? rules : [{ body: body.id }];
  report('announcers-assumed', body.id, JSON.stringify(chosen));
  return chosen;
}

/** Who writes where not everybody may. Rules in force may name more: who is not in the room cannot write there. */
function writersOf(room: FoundRoom, known: readonly MemberRule[] | undefined, context: RuleContext): MemberRule[] {
  const writers = declaredAmong(room.writers, context);
  if (known !== undefined) {
    const named = userIdsOfRules(context.directory, known).filter((userId) => room.members.has(userId));
    if (named.join(' ') === writers.join(' ')) return [...known];
  }
  return rulesNaming(writers, undefined, context);
}
