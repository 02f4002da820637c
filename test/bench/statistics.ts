/** Order statistics of measured durations. */
export interface Summary {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  readonly count: number;
}

/** The nearest-rank percentile. Throws on an empty list, which has none. */
export function percentile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new Error('No measurement was taken.');
  return value;
}

export function summarise(durationsMs: readonly number[]): Summary {
  const sorted = durationsMs.toSorted((left, right) => left - right);
  const at = (share: number): number => percentile(sorted, share);
  return { p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1), count: sorted.length };
}
