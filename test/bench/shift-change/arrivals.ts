/** When people sit down at the start of a shift. */
import { seededRandom } from '../../harness/seeded-random.ts';

/** So many moments within the time, in milliseconds, earliest first. The same seed gives the same. */
export function arrivals(count: number, withinMs: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random(withinMs)).toSorted((left, right) => left - right);
}
