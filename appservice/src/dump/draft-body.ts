/** One body with its units and people; its rooms follow when everybody has a place (draft-rooms.ts). */
import { nameSchema } from '#contract/name.ts';
import type { BodyDeclaration, PersonDeclaration, UnitDeclaration } from '#contract/organisation.ts';
import type { ServerName } from '#contract/ids.ts';
import { announcementsName, bodySpaceName, separator } from '../reconciler/body-rooms.ts';
import { inDeclaredOrder } from './declared-order.ts';
import { usableName } from './choose-names.ts';
import type { Report } from './findings.ts';
import type { NamedPlace } from './name-places.ts';

const title = nameSchema.max(120);
const shortLengthMax = 24;

/** @param known the same body in force, which says what shows on no homeserver: full name, superior body, posts */
export function draftBody(
  place: NamedPlace,
  people: readonly PersonDeclaration[],
  known: BodyDeclaration | undefined,
  server: ServerName,
  report: Report,
): BodyDeclaration {
  const { id, previously } = place;
  const name = usableName(title, place.foundName, known === undefined ? id : bodySpaceName(known), report);
  if (known === undefined) report('full-name-unknown', id, name);
  return {
    posts: [],
    ...known,
    id,
    previously,
    ...calledOf(place, name, report),
    name: known?.name ?? name,
    server,
    units: place.units.map((unit) => draftUnit(unit, report)),
    people: inDeclaredOrder(people, known?.people ?? []),
    announcers: [{ body: id }],
    rooms: [],
  };
}

function draftUnit({ id, previously, foundName, units }: NamedPlace, report: Report): UnitDeclaration {
  const name = usableName(title, foundName, id, report);
  return { id, previously, name, units: units.map((unit) => draftUnit(unit, report)) };
}

type Called = Pick<BodyDeclaration, 'short' | 'label'>;

/** "HMdF – Finanzen" is what a body's space is called; its announcements tell where the short name ends. */
function calledOf({ id, room }: NamedPlace, name: string, report: Report): Called {
  const announced = room?.name?.replace(announcementsName(''), '') ?? name;
  const short = name.startsWith(`${announced}${separator}`) ? announced : (name.split(separator)[0] ?? name);
  const label = name.slice(short.length + separator.length);
  return { short: shortened(short, id, report), label: label === '' ? undefined : label };
}

function shortened(short: string, id: string, report: Report): string {
  if (short.length <= shortLengthMax) return short;
  const cut = short.slice(0, shortLengthMax).trimEnd();
  report('short-name-cut', id, cut);
  return cut;
}
