/** Measures the client on an account of many rooms, in as many runs as its medians shall have. */
import { join } from 'node:path';
import type { StackFile } from '#stack/stack-file.ts';
import { visitorIn, type Visitor } from '../../e2e/visitor.ts';
import { signIn, signOut, type MatrixSession } from '../../harness/matrix/session.ts';
import { land } from '../bench-stack.ts';
import type { AccountSize } from './account-plan.ts';
import { accountFolder, startAccountStack } from './account-stack.ts';
import type { RunFigures } from './figures.ts';
import { ensureAccount } from './generate-account.ts';
import { measureRun } from './measure-run.ts';

export interface ClientBenchOptions {
  readonly size: AccountSize;
  readonly runs: number;
  readonly messages: number;
  readonly slowdown: number;
  readonly portBase: number;
}

export interface ClientBenchResult {
  readonly size: AccountSize;
  readonly runs: readonly RunFigures[];
  /** Seconds that making the account took; null if it was there. */
  readonly generationSeconds: number | null;
}

export async function benchClient(options: ClientBenchOptions): Promise<ClientBenchResult> {
  const folder = accountFolder(options.size.rooms);
  const stack = await startAccountStack(folder, options.portBase);
  try {
    const people = {
      owner: visitorIn(stack.file, land, 'miriam.sauer'),
      other: visitorIn(stack.file, land, 'jonas.reith'),
    };
    const [owner, other] = await Promise.all([session(stack.file, people.owner), session(stack.file, people.other)]);
    const begun = performance.now();
    const isNew = await ensureAccount(join(folder, 'account.json'), options.size, { owner, other });
    const generationSeconds = isNew ? (performance.now() - begun) / 1000 : null;
    await Promise.all([signOut(owner), signOut(other)]);
    const runs: RunFigures[] = [];
    for (let run = 0; run < options.runs; run += 1) runs.push(await measureRun({ ...options, ...people }));
    return { size: options.size, runs, generationSeconds };
  } finally {
    await stack.stop();
  }
}

function session(stack: StackFile, { person }: Visitor): Promise<MatrixSession> {
  const url = stack.domains[land]?.clientApiUrl;
  if (url === undefined) throw new Error(`The stack runs no ${land}.`);
  return signIn(url, person.userId, person.password);
}
