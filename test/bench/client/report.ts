/** The client's figures beside those of its peers, as rows of a table. */
import { percentile } from '../statistics.ts';
import { markdownTable } from '../table.ts';
import { figures, peerNames, type Figure, type PeerFigures, type RunFigures } from './figures.ts';

/**
 * Medians of all runs. A ratio says how many times more the peer needed than this client.
 * @param peerRuns of a peer beside which the client was measured; none: no column for it
 */
export function clientTable(runs: readonly RunFigures[], peerRuns: readonly PeerFigures[] = []): string {
  const beside = peerRuns.length > 0 ? ['Cinny, same run'] : [];
  const rows = figures.map((figure) => {
    const { name, of, bare, goal } = figure;
    const median = medianOf(runs.map(of));
    const peers = [...beside.map(() => medianOfPeer(figure, peerRuns)), ...(figure.peers ?? unmeasured)];
    const own = [name, amount(median), amount(goal), bare ? amount(medianOf(runs.map(bare))) : '–'];
    return own.concat(peers.map((peer) => comparison(peer, median)));
  });
  const columns = ['figure', 'measured', 'at most', 'bare'];
  return markdownTable(columns.concat([...beside, ...peerNames].map((peer) => `${peer} (ratio)`)), rows);
}

const unmeasured = peerNames.map(() => undefined);

function medianOfPeer(figure: Figure, runs: readonly PeerFigures[]): number | undefined {
  return figure.peers ? medianOf(runs.map(figure.of)) : undefined;
}

function medianOf(values: readonly number[]): number {
  return percentile(
    values.toSorted((left, right) => left - right),
    0.5,
  );
}

/** @param peer undefined if it was not measured; null or infinite if it did not end */
function comparison(peer: number | null | undefined, own: number): string {
  if (peer === undefined) return '–';
  if (peer === null || !Number.isFinite(peer)) return 'not finished';
  const isRatio = own > 0 && Number.isFinite(own);
  return `${amount(peer)} (${isRatio ? `${(peer / own).toFixed(1)}×` : '–'})`;
}

function amount(value: number): string {
  return Number.isFinite(value) ? value.toFixed(0) : 'not finished';
}
