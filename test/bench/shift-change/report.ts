/** What a shift change was like for the people, as text. */
import { summarise } from '../statistics.ts';
import { markdownTable } from '../table.ts';
import { people, withinMs, type ShiftChangeResult } from './shift-change.ts';

/** What nobody waits longer than for the list. */
const listMsMax = 5_000;

export function shiftChangeReport(result: ShiftChangeResult): string {
  const { signedIn, failures, requests, limited, processorSeconds, screenMs } = result;
  const listsMs = signedIn.map(({ listMs }) => listMs).concat(screenMs);
  const late = listsMs.filter((durationMs) => durationMs > listMsMax).length;
  const rows = [
    row(
      'accepted',
      signedIn.map(({ acceptedMs }) => acceptedMs),
    ),
    row('list', listsMs),
    row(
      'encryption is up',
      signedIn.map(({ encryptionMs }) => encryptionMs),
    ),
    row('list on the screen of the Chromium', [screenMs]),
  ];
  return [
    `Shift change: ${people} people behind one address sign in within ${withinMs / 1000} s\n`,
    markdownTable(['from sign-in until', 'people', 'p50 ms', 'p95 ms', 'max ms'], rows),
    `\n${late} waited longer than ${listMsMax / 1000} s for the list; ${refusals(result)} were refused.`,
    `The engines in Node sent ${requests} requests, of which ${limited.length} were answered 429, and took`,
    `${processorSeconds.toFixed(0)} s of the processors on which the homeserver runs, too.`,
    ...new Set(limited),
    ...failures,
  ].join('\n');
}

/** How many people got no list or no encryption. */
export function refusals({ failures, screenMs }: ShiftChangeResult): number {
  return failures.length + (Number.isFinite(screenMs) ? 0 : 1);
}

function row(what: string, durationsMs: readonly number[]): string[] {
  // A run in which everybody was refused has no durations.
  if (durationsMs.length === 0) return [what, '0', '–', '–', '–'];
  const { count, p50Ms, p95Ms, maxMs } = summarise(durationsMs);
  return [what, String(count), ...[p50Ms, p95Ms, maxMs].map((ms) => ms.toFixed(0))];
}
