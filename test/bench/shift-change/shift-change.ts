/**
 * A shift change: the people of a station, all behind one address, sign in within a minute on one homeserver with the
 * limits that production has. One of them sits at a Chromium, everybody else is an engine in Node. Then their encryption
 * comes up: whoever signs in for the first time sets it up, everybody else recovers it.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { localpartOf } from '#contract/ids.ts';
import type { StackFile, StackPerson } from '#stack/stack-file.ts';
import { startStack, stackFilePath, type Stack } from '#stack/stack.ts';
import { terminalProgress } from '#stack/terminal.ts';
import type { Seat } from '../../e2e/seat.ts';
import { visitorIn, type Visitor } from '../../e2e/visitor.ts';
import { benchFolder, land } from '../bench-stack.ts';
import { openBrowser } from '../client/measured-browser.ts';
import { inputAt, sharedListIsShown, paintedAt } from '../client/page-clock.ts';
import { arrivals } from './arrivals.ts';
import { shiftReportSchema, type Shift, type ShiftReport } from './messages.ts';
import { writeStation } from './station.ts';

export interface ShiftChangeResult extends ShiftReport {
  /** From the click until the list is on the screen, by the page's clock; Infinity if it never was. */
  readonly screenMs: number;
}

export const people = 50;
export const withinMs = 60_000;
const seed = 1;
const enginesPath = fileURLToPath(new URL('../../engine/shift-change.ts', import.meta.url));

export async function benchShiftChange(portBase: number): Promise<ShiftChangeResult> {
  // Accounts and their identities stay for the next run: to most shifts people come back.
  const folder = join(benchFolder, 'shift-change');
  const declaration = join(folder, 'declaration');
  await writeStation(declaration, people);
  const stack = await startStack({
    folder,
    portBase,
    servers: [land],
    declarations: new Map([['land', declaration]]),
    onProgress: terminalProgress({ write: (text) => process.stderr.write(text) }),
  });
  try {
    return await changeShift(stack, stackFilePath(folder));
  } finally {
    await stack.stop();
  }
}

async function changeShift({ file }: Stack, path: string): Promise<ShiftChangeResult> {
  const [first, ...others] = stationPeople(file);
  const [browser, engines] = [await openBrowser(1), fork(enginesPath)];
  try {
    const visitor = visitorIn(file, land, localpartOf(first.userId));
    await Promise.all([messageOf(engines), openForm(browser.seat, visitor)]);
    const beginsAt = Date.now();
    const moments = arrivals(people, withinMs, seed).map((moment) => beginsAt + moment);
    // In the middle, when many others are under way.
    const [screenAt = beginsAt] = moments.splice(people / 2, 1);
    const report = askReport(engines, {
      stackFilePath: path,
      arrivals: others.map(({ userId }, index) => ({ userId, at: moments[index] ?? beginsAt })),
    });
    const [screenMs, reported] = await Promise.all([signInAt(browser.seat, visitor, screenAt), report]);
    return { ...reported, screenMs };
  } finally {
    engines.kill();
    await browser.close();
  }
}

function stationPeople({ domains }: StackFile): [StackPerson, ...StackPerson[]] {
  const [first, ...others] = domains[land]?.people ?? [];
  if (first === undefined || others.length !== people - 1) throw new Error(`The station has not ${people} people.`);
  return [first, ...others];
}

/** Tells the engines who comes when. Resolves when everybody has had a turn. */
async function askReport(engines: ChildProcess, shift: Shift): Promise<ShiftReport> {
  const reported = messageOf(engines);
  engines.send(shift);
  return shiftReportSchema.parse(await reported);
}

/** Throws if the process ends without another word. */
async function messageOf(engines: ChildProcess): Promise<unknown> {
  const ended = once(engines, 'exit').then(([code]) => {
    throw new Error(`The engines ended with code ${code}.`);
  });
  const [message] = await Promise.race([once(engines, 'message'), ended]);
  return message;
}

/** A station's computer is shared. */
async function openForm(seat: Seat, { person, clientUrl }: Visitor): Promise<void> {
  await seat.page.goto(clientUrl);
  await seat.fillSignIn(person);
  await seat.shareComputer();
}

async function signInAt(seat: Seat, { person }: Visitor, at: number): Promise<number> {
  await pause(at - Date.now());
  await seat.submitSignIn();
  const painted = await paintedAt(seat.page, sharedListIsShown);
  const durationMs = painted - (await inputAt(seat.page));
  if (Number.isFinite(durationMs)) await seat.secure(person);
  return durationMs;
}
