/** Measures the client on an account of many rooms, in as many runs as its medians shall have. */
import { join } from 'node:path';
import type { Stack } from '#stack/stack.ts';
import { visitorIn, type Visitor } from '../../e2e/visitor.ts';
import { signIn, signOut, type MatrixSession } from '../../harness/matrix/session.ts';
import { land } from '../bench-stack.ts';
import { AccountJournal } from './account-journal.ts';
import { longRoomName, planRooms, spaceName, type AccountSize } from './account-plan.ts';
import type { BareRooms } from './bare-protocol.ts';
import { accountFolder, startAccountStack } from './account-stack.ts';
import type { PeerFigures, RunFigures } from './figures.ts';
import { generateAccount } from './generate-account.ts';
import { measureRun, type RunOptions } from './measure-run.ts';
import { measurePeer, type PeerOptions } from './peer/measure-peer.ts';
import { servePeer } from './peer/serve-peer.ts';
import { clientTable } from './report.ts';
import { signRosters } from './sign-rosters.ts';

export interface ClientBenchOptions {
  readonly size: AccountSize;
  readonly runs: number;
  readonly messages: number;
  readonly slowdown: number;
  readonly portBase: number;
  /** Folder of a built Cinny that is measured in turn with the client; null: none. */
  readonly peerFolder: string | null;
}

export interface ClientBenchResult {
  readonly size: AccountSize;
  readonly runs: readonly RunFigures[];
  readonly peerRuns: readonly PeerFigures[];
  /** Seconds that making the account took; null if it was there. */
  readonly generationSeconds: number | null;
}

const appserviceProcess = `appservice ${land}`;

export async function benchClient(options: ClientBenchOptions): Promise<ClientBenchResult> {
  const folder = accountFolder(options.size.rooms);
  const journalPath = join(folder, 'account.jsonl');
  const kept = await AccountJournal.read(journalPath, options.size);
  const stack = await startAccountStack(folder, kept !== null, options.portBase);
  try {
    const people = {
      owner: visitorIn(stack.file, land, 'miriam.sauer'),
      other: visitorIn(stack.file, land, 'jonas.reith'),
    };
    const journal = kept ?? (await AccountJournal.begin(journalPath, options.size));
    const isMade = journal.isComplete(options.size);
    const generationSeconds = isMade ? null : await generate(journal, options.size, stack, people);
    const [owner, other] = await Promise.all([session(people.owner), session(people.other)]);
    await signRosters(join(folder, land), { owner, other });
    await Promise.all([signOut(owner), signOut(other)]);
    const bareRooms = bareRoomsOf(journal, options.size);
    const longRoomHash = `#/${journal.find(spaceName(0))}/${bareRooms.long}/`;
    const { runs, peerRuns } = await measureRuns({ ...options, ...people, bareRooms, longRoomHash });
    return { size: options.size, runs, peerRuns, generationSeconds };
  } finally {
    await stack.stop();
  }
}

async function measureRuns(options: ClientBenchOptions & RunOptions & Pick<PeerOptions, 'longRoomHash'>) {
  const runs: RunFigures[] = [];
  const peerRuns: PeerFigures[] = [];
  const { peerFolder, owner } = options;
  const peer = peerFolder === null ? null : await servePeer(peerFolder, owner.homeserverUrl);
  try {
    for (let run = 1; run <= options.runs; run += 1) {
      runs.push(await measureRun(options));
      if (peer) peerRuns.push(await measurePeer({ ...options, url: peer.url }));
      // A benchmark that is cut off has said what it found so far.
      say(`run ${run} of ${options.runs} done\n${clientTable(runs, peerRuns)}`);
    }
  } finally {
    peer?.stop();
  }
  return { runs, peerRuns };
}

function bareRoomsOf(journal: AccountJournal, size: AccountSize): BareRooms {
  const shared = planRooms(size).find(({ isEncrypted, isShared }) => isEncrypted && isShared);
  const [long, other] = [journal.find(longRoomName), shared && journal.find(shared.name)];
  if (long === undefined || other === undefined) throw new Error('The account lacks rooms.');
  return { long, shared: other };
}

async function generate(
  journal: AccountJournal,
  size: AccountSize,
  stack: Stack,
  people: { readonly owner: Visitor; readonly other: Visitor },
): Promise<number> {
  const begun = performance.now();
  const [owner, other] = await Promise.all([session(people.owner), session(people.other)]);
  // Nothing of the account is its business, and looking at each event would take half of the time.
  await stack.stopProcess(appserviceProcess);
  await generateAccount(journal, size, { homeserverUrl: people.owner.homeserverUrl, owner, other }, (done) => {
    if (done % 50 === 0) say(`${done} of ${size.rooms} rooms made`);
  });
  await stack.startProcess(appserviceProcess);
  await Promise.all([signOut(owner), signOut(other)]);
  return (performance.now() - begun) / 1000;
}

function say(progress: string): void {
  process.stderr.write(`  … ${progress}\n`);
}

function session({ person, homeserverUrl }: Visitor): Promise<MatrixSession> {
  return signIn(homeserverUrl, person.userId, person.password);
}
