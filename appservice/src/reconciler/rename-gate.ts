/** Rooms must not be lost by their second rename: `previously` names the first id, for good. */
import { firstIdOf } from '#contract/first-id.ts';
import type { BodyDeclaration, Organisation } from '#contract/organisation.ts';
import { placedUnitsOf } from '../organisation/directory.ts';
import type { GateRefusal } from './gates.ts';

interface Renamable {
  readonly id: string;
  readonly previously?: string | undefined;
}

/**
 * Refuses what names, as `previously`, an id that was itself a later one in `inForce`: no room has it in its address, so a
 * new one would be made, and the one with all its messages would be declared no more.
 */
export function checkRenames(inForce: Organisation, proposed: Organisation): GateRefusal[] {
  const knownBodies = new Map(inForce.bodies.map((body) => [firstIdOf(body), body]));
  return [
    ...checkNames(inForce.bodies, proposed.bodies, 'body'),
    ...proposed.bodies.flatMap((body) => {
      const known = knownBodies.get(firstIdOf(body));
      return known === undefined ? [] : checkWithin(known, body);
    }),
  ];
}

function checkWithin(known: BodyDeclaration, body: BodyDeclaration): GateRefusal[] {
  return [
    ...checkNames(unitsOf(known), unitsOf(body), `unit/${body.id}`),
    ...checkNames(known.rooms, body.rooms, `room/${body.id}`),
  ];
}

function unitsOf(body: BodyDeclaration): Renamable[] {
  return placedUnitsOf(body).map(({ unit }) => unit);
}

/** `path`: where the entries stand, as differences between revisions name it. */
function checkNames(known: readonly Renamable[], entries: readonly Renamable[], path: string): GateRefusal[] {
  const firstIds = new Map(known.map((entry) => [entry.id, firstIdOf(entry)]));
  return entries.flatMap(({ id, previously }) => {
    const firstId = previously === undefined ? undefined : firstIds.get(previously);
    if (firstId === undefined || firstId === previously) return [];
    const message = `${path}/${id} would get a new room: what is called ${previously} now was made as ${firstId}. Write "previously: ${firstId}".`;
    return [{ gate: 'renamed-twice', message }];
  });
}
