/** What is measured of a client, and what its peers needed for the same on a machine of the same kind. */
import type { BareFigures } from './bare-protocol.ts';
import { percentile } from '../statistics.ts';

/** Every figure of one run that a peer has, too. */
export interface PeerFigures {
  readonly signInMs: number;
  readonly reloadMs: number;
  readonly switchesMs: readonly number[];
  readonly longRoomMs: number;
  readonly echoesMs: readonly number[];
  /** End-to-end encrypted with this client, plain with a peer. */
  readonly deliveriesMs: readonly number[];
  /** Infinite if the first message did not come within the limit. */
  readonly scrollBackMs: number;
  readonly longTasksMs: { readonly start: number; readonly switching: number; readonly scrolling: number };
  readonly scriptAndStyleKilobytes: number;
  /** All renderer processes after a rest, less those of a blank page. */
  readonly memoryMegabytes: number;
}

export interface RunFigures extends PeerFigures {
  /** The same once more, from what the device has stored. */
  readonly scrollBackAgainMs: number;
  /** The same way in a page of plain elements: what the wheel alone takes. */
  readonly plainScrollBackMs: number;
  /** Of `memoryMegabytes` what is no part of the browser's program. */
  readonly ownMemoryMegabytes: number;
  /** Like `memoryMegabytes`, right after the last act: with what the browser has not freed yet. */
  readonly usedMemoryMegabytes: number;
  /** From the click to the question about keys: the cryptography is there. */
  readonly keysReadyMs: number;
  readonly bare: BareFigures;
}

interface FigureBase {
  readonly name: string;
  /** The requests alone, in the same run; absent where none compare. */
  readonly bare?: (run: RunFigures) => number;
  /** What this client shall need at most. */
  readonly goal: number;
}

interface ComparedFigure extends FigureBase {
  readonly of: (run: PeerFigures) => number;
  /** Element Web 1.11.88, Cinny 4.12.2, Hydrogen 0.5.1 in another run; null where it did not end. */
  readonly peers: readonly [number | null, number | null, number | null];
}

interface OwnFigure extends FigureBase {
  readonly of: (run: RunFigures) => number;
  readonly peers: null;
}

export type Figure = ComparedFigure | OwnFigure;

export const peerNames = ['Element Web', 'Cinny', 'Hydrogen'] as const;

const at = (share: number, durations: readonly number[]): number =>
  percentile(
    durations.toSorted((left, right) => left - right),
    share,
  );

const comparedFigures: readonly ComparedFigure[] = [
  {
    name: 'sign-in click → list, ms',
    of: (run) => run.signInMs,
    bare: (run) => run.bare.signInMs,
    peers: [16_126, 11_926, 18_196],
    goal: 800,
  },
  { name: 'reload → list and last room, ms', of: (run) => run.reloadMs, peers: [4798, 2294, 814], goal: 150 },
  { name: 'room switch, first visit p50, ms', of: (run) => at(0.5, run.switchesMs), peers: [498, 88, 93], goal: 33 },
  { name: 'room switch, first visit p95, ms', of: (run) => at(0.95, run.switchesMs), peers: [570, 107, 116], goal: 60 },
  { name: 'open the long room, ms', of: (run) => run.longRoomMs, peers: [952, 158, 136], goal: 100 },
  { name: 'Enter → own message p50, ms', of: (run) => at(0.5, run.echoesMs), peers: [84, 63, 45], goal: 30 },
  { name: 'Enter → own message p95, ms', of: (run) => at(0.95, run.echoesMs), peers: [124, 131, 60], goal: 40 },
  {
    name: 'Enter → other screen p50, encrypted, ms (peers: plain)',
    of: (run) => at(0.5, run.deliveriesMs),
    bare: (run) => at(0.5, run.bare.deliveriesMs),
    peers: [323, 322, 126],
    goal: 130,
  },
  {
    name: 'scroll back the long room, ms',
    of: (run) => run.scrollBackMs,
    bare: (run) => run.bare.scrollBackMs,
    peers: [58_700, 33_900, null],
    goal: 9000,
  },
  { name: 'long tasks at the start, ms', of: (run) => run.longTasksMs.start, peers: [2962, 1977, 764], goal: 0 },
  { name: 'long tasks while switching, ms', of: (run) => run.longTasksMs.switching, peers: [11_900, 400, 60], goal: 0 },
  {
    name: 'long tasks while scrolling, ms',
    of: (run) => run.longTasksMs.scrolling,
    peers: [16_253, 3029, 20_264],
    goal: 0,
  },
  {
    name: 'page JS and CSS before the list, gzip KB',
    of: (run) => run.scriptAndStyleKilobytes,
    peers: [1893, 1019, 223],
    goal: 80,
  },
  { name: 'memory over a blank page, MB', of: (run) => run.memoryMegabytes, peers: [328, 168, 168], goal: 90 },
];

const ownFigures: readonly OwnFigure[] = [
  { name: 'sign-in click → cryptography ready, ms', of: (run) => run.keysReadyMs, peers: null, goal: 1500 },
  {
    name: 'scroll back the long room again, ms',
    of: (run) => run.scrollBackAgainMs,
    bare: (run) => run.plainScrollBackMs,
    peers: null,
    goal: 3000,
  },
  { name: 'memory that is not the browser’s program, MB', of: (run) => run.ownMemoryMegabytes, peers: null, goal: 90 },
  { name: 'memory before a rest, MB', of: (run) => run.usedMemoryMegabytes, peers: null, goal: 90 },
];

export const figures: readonly Figure[] = [...comparedFigures, ...ownFigures];
