/** The client's figures beside those of its peers, as rows of a table. */
import { percentile } from '../statistics.ts';
import { markdownTable } from '../table.ts';
import { figures, peerNames, type RunFigures } from './figures.ts';

/** Medians of all runs. A ratio says how many times more the peer needed than this client. */
export function clientTable(runs: readonly RunFigures[]): string {
  const rows = figures.map(({ name, of, bare, peers, goal }) => {
    const median = medianOf(runs.map(of));
    const own = [name, amount(median), amount(goal), bare ? amount(medianOf(runs.map(bare))) : '–'];
    return own.concat(peers ? peers.map((peer) => comparison(peer, median)) : peerNames.map(() => '–'));
  });
  const columns = ['figure', 'measured', 'at most', 'bare', ...peerNames.map((peer) => `${peer} (ratio)`)];
  return markdownTable(columns, rows);
}

function medianOf(values: readonly number[]): number {
  return percentile(
    values.toSorted((left, right) => left - right),
    0.5,
  );
}

function comparison(peer: number | null, own: number): string {
  if (peer === null) return 'not finished';
  const isRatio = own > 0 && Number.isFinite(own);
  return `${amount(peer)} (${isRatio ? `${(peer / own).toFixed(1)}×` : '–'})`;
}

function amount(value: number): string {
  return Number.isFinite(value) ? value.toFixed(0) : 'not finished';
}
