import type { BodyDeclaration, UnitDeclaration } from '#contract/organisation.ts';

/** Units of a tree in its order, each with its parents from the root down and its path in the file. */
export interface PlacedUnit {
  readonly unit: UnitDeclaration;
  readonly ancestors: readonly UnitDeclaration[];
  readonly path: readonly (string | number)[];
}

/** All units of a body, parents before their children. */
export function placedUnitsOf({ units }: Pick<BodyDeclaration, 'units'>): PlacedUnit[] {
  return unitsBelow(units, [], []);
}

function unitsBelow(
  units: readonly UnitDeclaration[],
  ancestors: readonly UnitDeclaration[],
  path: readonly (string | number)[],
): PlacedUnit[] {
  return units.flatMap((unit, index) => {
    const unitPath = [...path, 'units', index];
    return [{ unit, ancestors, path: unitPath }, ...unitsBelow(unit.units, [...ancestors, unit], unitPath)];
  });
}
