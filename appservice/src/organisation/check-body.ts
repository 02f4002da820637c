/** Checks one body file against everything that is declared. */
import type { BodyDeclaration, MemberRule, RoomDeclaration } from '#contract/organisation.ts';
import type { RoomClassName } from '#contract/room-class.ts';
import { userIdLengthMax } from '#contract/ids.ts';
import { checkGrants } from './check-approvers.ts';
import type { Checker } from './checker.ts';
import { referenceOf, type KnownNames } from './known-names.ts';
import type { Path } from './source.ts';
import { placedUnitsOf } from './unit-tree.ts';

/** Classes that a file may give a room. The others arise by themselves: from units, chats, agreements, guests. */
const declarableClasses: ReadonlySet<RoomClassName> = new Set([
  'dienststelle',
  'einheit',
  'gemeinsam',
  'lage',
  'verteiler',
]);

const reservedPersonId = /^(admin-|landbote)/;

/** Whether a local part belongs to homeserver administrators or to the provisioning bots. */
export function isReservedPersonId(id: string): boolean {
  return reservedPersonId.test(id);
}

export function checkBody(body: BodyDeclaration, known: KnownNames, checker: Checker): void {
  checkIds(body, checker);
  checkServer(body, known, checker);
  if (body.partOf !== undefined) requireKnown(body.partOf, known.bodies, 'body', ['partOf'], checker);
  checkPeople(body, known, checker);
  checkPosts(body, known, checker);
  checkGrants(body, known, checker);
  checkRules(body.announcers, known, ['announcers'], checker);
  for (const [index, room] of body.rooms.entries()) checkRoom(body, room, known, ['rooms', index], checker);
}

function checkIds(body: BodyDeclaration, checker: Checker): void {
  const units = placedUnitsOf(body).map(({ unit, path }) => ({ id: unit.id, path: [...path, 'id'] }));
  checker.reportDuplicates(units, 'unit of this body');
  checker.reportDuplicates(withPaths(body.posts, 'posts'), 'post of this body');
  checker.reportDuplicates(withPaths(body.rooms, 'rooms'), 'room of this body');
  checkFirstIds(
    placedUnitsOf(body).map(({ unit, path }) => ({ entry: unit, path })),
    checker,
  );
  checkFirstIds(
    body.rooms.map((room, index) => ({ entry: room, path: ['rooms', index] })),
    checker,
  );
}

interface Renamed {
  readonly id: string;
  readonly previously?: string | undefined;
}

/** Two must not claim one room: the one whose id it is, and the one that says it was called so before. */
function checkFirstIds(entries: readonly { readonly entry: Renamed; readonly path: Path }[], checker: Checker): void {
  const claimed = new Set(entries.map(({ entry }) => entry.id));
  for (const { entry, path } of entries) {
    if (entry.previously === undefined) continue;
    if (claimed.has(entry.previously)) {
      const message = `The room of ${entry.previously} belongs to another entry already.`;
      checker.report([...path, 'previously'], message, 'Correct the name, or take "previously" out.');
    }
    claimed.add(entry.previously);
  }
}

function withPaths(entries: readonly { readonly id: string }[], list: string): { id: string; path: Path }[] {
  return entries.map(({ id }, index) => ({ id, path: [list, index, 'id'] }));
}

function checkServer({ server }: BodyDeclaration, { servers }: KnownNames, checker: Checker): void {
  if (servers === null || servers.has(server)) return;
  const remedy = `Use one of ${[...servers].join(', ')}, or add the homeserver to domain.yaml.`;
  checker.report(['server'], `The trust domain has no homeserver ${server}.`, remedy);
}

function checkPeople(body: BodyDeclaration, { conversationRoles }: KnownNames, checker: Checker): void {
  for (const [index, { id, unit, conversationRole: role }] of body.people.entries()) {
    checkOwnUnit(body, unit, ['people', index, 'unit'], checker);
    if (role !== undefined) {
      requireKnown(role, conversationRoles, 'conversation role', ['people', index, 'conversationRole'], checker);
    }
    checkUserId(body, id, ['people', index, 'id'], checker);
    if (!isReservedPersonId(id)) continue;
    const message = `The id ${id} is reserved for administrators and bots.`;
    checker.report(['people', index, 'id'], message, 'Choose an id that does not begin with admin- or landbote.');
  }
}

/** Both parts may be as long as they are; what they make together has a limit of its own. */
function checkUserId({ server }: BodyDeclaration, id: string, path: Path, checker: Checker): void {
  const { length } = `@${id}:${server}`;
  if (length <= userIdLengthMax) return;
  const message = `The user id would have ${length} characters; ${userIdLengthMax} are allowed.`;
  checker.report(path, message, 'Choose a shorter id.');
}

function checkPosts(body: BodyDeclaration, known: KnownNames, checker: Checker): void {
  for (const [index, { unit, holders }] of body.posts.entries()) {
    checkOwnUnit(body, unit, ['posts', index, 'unit'], checker);
    for (const [place, holder] of holders.entries()) {
      requireKnown(holder, known.people, 'person', ['posts', index, 'holders', place], checker);
    }
  }
}

function checkOwnUnit(body: BodyDeclaration, unit: string | undefined, path: Path, checker: Checker): void {
  if (unit === undefined || placedUnitsOf(body).some((placed) => placed.unit.id === unit)) return;
  checker.report(path, `${body.id} has no unit ${unit}.`, `Add the unit to ${body.id}, or correct the name.`);
}

function checkRules(rules: readonly MemberRule[], known: KnownNames, path: Path, checker: Checker): void {
  for (const [index, rule] of rules.entries()) {
    const { what, name, names, key = what } = referenceOf(rule, known);
    requireKnown(name, names, what, [...path, index, key], checker);
    if ('function' in rule)
      requireKnown(rule.function, known.functions, 'function', [...path, index, 'function'], checker);
  }
}

function requireKnown(
  name: string,
  names: ReadonlySet<string> | null,
  what: string,
  path: Path,
  checker: Checker,
): void {
  if (names === null || names.has(name)) return;
  checker.report(path, `There is no ${what} ${name}.`, `Declare the ${what}, or correct the name.`);
}

function checkRoom(
  body: BodyDeclaration,
  room: RoomDeclaration,
  known: KnownNames,
  path: Path,
  checker: Checker,
): void {
  checkOwnUnit(body, room.unit, [...path, 'unit'], checker);
  checkRules(room.members, known, [...path, 'members'], checker);
  checkRules(room.posters, known, [...path, 'posters'], checker);
  if (!declarableClasses.has(room.class)) {
    const remedy = `Use one of ${[...declarableClasses].join(', ')}.`;
    checker.report([...path, 'class'], `A room of class ${room.class} cannot be declared.`, remedy);
  }
  checkPosters(room, known, path, checker);
}

function checkPosters(room: RoomDeclaration, { roomClasses }: KnownNames, path: Path, checker: Checker): void {
  const posting = roomClasses?.[room.class]?.posting;
  if (posting === 'named' && room.posters.length === 0) {
    const message = `In a room of class ${room.class} nobody may write unless posters are named.`;
    checker.report(path, message, 'Name at least one poster.');
  }
  if (posting === 'everyone' && room.posters.length > 0) {
    const message = `In a room of class ${room.class} everybody writes; posters have no effect.`;
    checker.report([...path, 'posters'], message, 'Remove the posters, or choose a class with named posting.');
  }
}
