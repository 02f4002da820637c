/**
 * An organisation that says what a homeserver has: bodies, units, people and rooms from its spaces, rooms and accounts.
 * What shows on no homeserver (domain, classes, posts, functions, roles, full names) is taken from the organisation in
 * force where that speaks of the same; whatever else had to be chosen or left out is a finding.
 */
import type { Draft } from '#contract/draft.ts';
import { organisationSchema, type BodyDeclaration, type Organisation } from '#contract/organisation.ts';
import { firstIdOf } from '#contract/first-id.ts';
import type { Survey } from '../matrix/survey.ts';
import { buildDirectory } from '../organisation/directory.ts';
import { parseOrganisation } from '../organisation/parse-organisation.ts';
import { draftBody } from './draft-body.ts';
import { draftAnnouncers, draftRooms } from './draft-rooms.ts';
import { createFindings, type Report } from './findings.ts';
import { handMadePlacesOf } from './hand-made-places.ts';
import { nameBodies, type NamedPlace } from './name-places.ts';
import { ownPlacesOf } from './own-places.ts';
import { placePeople } from './place-people.ts';
import { sortRooms, type Origin } from './sort-rooms.ts';

export function draftOrganisation(survey: Survey, origin: Origin): Draft {
  const { findings, report } = createFindings();
  const { inForce, serverName } = origin;
  const { own, handMade } = sortRooms(survey.rooms, origin, report);
  const found = [...ownPlacesOf(own, report), ...handMadePlacesOf(handMade, report)];
  const places = nameBodies(found, inForce.bodies);
  const bodies = draftBodies(places, survey, origin, report);
  // This homeserver says nothing of what lives on others.
  const elsewhere = inForce.bodies.filter(({ server }) => server !== serverName);
  const outline = { ...inForce, bodies: [...bodies, ...elsewhere] };
  const drafted = bodies.map((body, index) => withRooms(body, places[index], outline, origin, report));
  const organisation = organisationSchema.parse({ ...inForce, bodies: [...drafted, ...elsewhere].toSorted(byId) });
  reportFaults(organisation, report);
  return { organisation, findings: [...findings] };
}

function draftBodies(places: readonly NamedPlace[], survey: Survey, origin: Origin, report: Report): BodyDeclaration[] {
  const { inForce, serverName } = origin;
  const knownPeople = new Map(inForce.bodies.flatMap(({ people }) => people.map((person) => [person.id, person])));
  const people = placePeople(survey.accounts, places, knownPeople, report);
  return places.map((place) => {
    const ours = people.filter(({ body }) => body === place.id).map(({ person }) => person);
    return draftBody(place, ours, knownBody(place, inForce), serverName, report);
  });
}

function withRooms(
  body: BodyDeclaration,
  place: NamedPlace | undefined,
  outline: Organisation,
  { inForce }: Origin,
  report: Report,
): BodyDeclaration {
  if (place === undefined) return body;
  const context = { body, known: knownBody(place, inForce), directory: buildDirectory(outline), report };
  return { ...body, announcers: draftAnnouncers(place, context), rooms: draftRooms(place, context) };
}

function knownBody({ firstId }: NamedPlace, { bodies }: Organisation): BodyDeclaration | undefined {
  return bodies.find((body) => firstIdOf(body) === firstId);
}

/** What is kept of the organisation in force may name what is not there any more. */
function reportFaults(organisation: Organisation, report: Report): void {
  const checked = parseOrganisation(organisation);
  if (checked.ok) return;
  for (const { file, path, message } of checked.diagnostics) report('reference-broken', `${file}.${path}: ${message}`);
}

function byId(one: BodyDeclaration, other: BodyDeclaration): number {
  return one.id < other.id ? -1 : 1;
}
