/**
 * What the delivery ledger (docs/adr/0020) adds to a message for another server: `PUT /send` until that server has it, at two
 * copies of one homeserver, one with the ledger and one without, in turn. The other server is a forged one that answers
 * at once, so that nothing but the sender's own work is measured.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { serverNameSchema, type RoomId } from '#contract/ids.ts';
import { startStack, type Stack } from '#stack/stack.ts';
import type { StackDomain } from '#stack/stack-file.ts';
import { startForgedPeer } from '../federation/forged-peer.ts';
import type { ForgedServer } from '../harness/federation/forged-server.ts';
import type { HomeserverCopy } from '../harness/federation/homeserver-copy/homeserver-copy.ts';
import { openWayOut } from '../harness/federation/homeserver-copy/way-out.ts';
import { readSigningKey } from '../harness/federation/signing-key.ts';
import { readProvisionedRooms, sendText } from '../harness/matrix/rooms.ts';
import { signIn, type MatrixSession } from '../harness/matrix/session.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { benchFolder, land } from './bench-stack.ts';
import { domainOf, startCopy } from './homeserver-copies.ts';
import { summarise, type Summary } from './statistics.ts';

export interface LedgerResult {
  readonly withLedger: Summary;
  readonly without: Summary;
}

const schule = serverNameSchema.parse('schule.hessen.test');
/** The unit whose people are in a room with the schools. */
const schoolUnit = 'hkm/referat-3-2';
const warmUpMessages = 10;

/** `messages` each way. */
export async function benchLedger(messages: number, portBase: number): Promise<LedgerResult> {
  // Measuring is quicker than anybody writes; the limit on messages would be all that is measured.
  const overrides = new Map([[land, { rc_message: { per_second: 1000, burst_count: 1000 } }]]);
  const stack = await startStack({ folder: join(benchFolder, 'ledger'), portBase, servers: [land, schule], overrides });
  const roomId = await roomBeforeStop(stack);
  const signer = {
    serverName: schule,
    key: await readSigningKey(join(domainOf(stack.file, schule).dataFolder, 'homeserver', 'signing.key')),
  };
  const peer = await startForgedPeer(stack.file, signer);
  const wayOut = await openWayOut(stack.file, new Map([[schule, peer.port]]));
  const copies = await Promise.all([true, false].map((ledger) => startCopy(stack.file, wayOut, { ledger })));
  try {
    const [withLedger, without] = await Promise.all(copies.map((copy) => signInAt(copy, domainOf(stack.file, land))));
    if (withLedger === undefined || without === undefined) throw new Error('Two copies are needed.');
    return await measure({ withLedger, without }, { roomId, peer, messages });
  } finally {
    await Promise.all(copies.map((copy) => copy.stop()));
    await Promise.all([wayOut.close(), peer.close()]);
  }
}

/** The copies are made of what the stack leaves behind. */
async function roomBeforeStop(stack: Stack): Promise<RoomId> {
  try {
    return await roomWithSchools(domainOf(stack.file, land));
  } finally {
    await stack.stop();
  }
}

async function roomWithSchools({ clientApiUrl, people }: StackDomain): Promise<RoomId> {
  const session = await signIn(clientApiUrl, ...credentialsOf(people));
  return waitUntil('somebody of the schools in a room', async () => {
    const rooms = await readProvisionedRooms(session);
    return rooms.find(({ members }) => members.some((person) => person.endsWith(`:${schule}`)))?.roomId;
  });
}

function credentialsOf(people: StackDomain['people']): [string, string] {
  const person = people.find(({ unit }) => unit === schoolUnit);
  if (person === undefined) throw new Error(`Nobody belongs to ${schoolUnit}.`);
  return [person.userId, person.password];
}

function signInAt({ clientApiUrl }: HomeserverCopy, { people }: StackDomain): Promise<MatrixSession> {
  return signIn(clientApiUrl, ...credentialsOf(people));
}

interface Course {
  readonly roomId: RoomId;
  readonly peer: ForgedServer;
  readonly messages: number;
}

async function measure(
  writers: { readonly withLedger: MatrixSession; readonly without: MatrixSession },
  course: Course,
): Promise<LedgerResult> {
  const took = { withLedger: [] as number[], without: [] as number[] };
  for (let message = -warmUpMessages; message < course.messages; message += 1) {
    // Whichever comes second meets what the first has left to do, so they take turns in that too.
    const ways = message % 2 === 0 ? (['withLedger', 'without'] as const) : (['without', 'withLedger'] as const);
    for (const way of ways) {
      const ms = await deliver(writers[way], course);
      if (message >= 0) took[way].push(ms);
    }
  }
  return { withLedger: summarise(took.withLedger), without: summarise(took.without) };
}

/** Milliseconds from the request until the other server has read the event. */
async function deliver(writer: MatrixSession, { roomId, peer }: Course): Promise<number> {
  const marker = randomUUID();
  const begun = performance.now();
  await sendText(writer, roomId, marker);
  const arrived = await waitUntil('the message at the other server', () =>
    peer.received.findLast(({ body }) => JSON.stringify(body).includes(marker)),
  );
  return arrived.arrivedAt - begun;
}
