interface Entry {
  readonly id: string;
}

/** In the order in which they are declared; what is new stands behind. So files of now and of the draft compare well. */
export function inDeclaredOrder<Item extends Entry>(items: readonly Item[], declared: readonly Entry[]): Item[] {
  const positions = new Map(declared.map(({ id }, index) => [id, index]));
  const positionOf = ({ id }: Entry): number => positions.get(id) ?? positions.size;
  return items.toSorted((one, other) => positionOf(one) - positionOf(other));
}
