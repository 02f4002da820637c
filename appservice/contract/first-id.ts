/** What stands in an address for good: a body, unit or room that is called otherwise now keeps its first id there. */
export function firstIdOf({
  id,
  previously,
}: {
  readonly id: string;
  readonly previously?: string | undefined;
}): string {
  return previously ?? id;
}
