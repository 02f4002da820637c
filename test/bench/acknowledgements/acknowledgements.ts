/**
 * What it costs that people acknowledge an alert, by each of three ways (docs/adr/0026), in rooms of 25, 50 and 100
 * people whose devices all listen. Twenty of them acknowledge at once; what counts is the processor time that Synapse and
 * the appservice take for each, and how long it takes until whoever sent the alert knows.
 */
import { join } from 'node:path';
import pLimit from 'p-limit';
import { startStack, type Stack } from '#stack/stack.ts';
import { terminalProgress } from '#stack/terminal.ts';
import { readProvisionedRooms, sendText, type ProvisionedRoom } from '../../harness/matrix/rooms.ts';
import { signIn, type MatrixSession } from '../../harness/matrix/session.ts';
import { waitUntil } from '../../harness/wait-until.ts';
import { signInToApi } from '../../integration/api-session.ts';
import { benchFolder, land } from '../bench-stack.ts';
import { Listener } from './listener.ts';
import { roomId, roomSizes, writePatrols } from './patrols.ts';
import { processorSeconds } from './processor-seconds.ts';
import { ways, type Patrol, type SentAlert, type Way } from './ways.ts';

export interface AcknowledgementsResult {
  readonly way: string;
  readonly people: number;
  readonly acknowledgements: number;
  /** What the syncs of all devices brought. */
  readonly deliveries: number;
  /** From the first one sent until all are known, by whoever is told. */
  readonly elapsedMs: number;
  /** Synapse's and the appservice's together. */
  readonly processorMs: number;
}

const acknowledgements = 20;
const atOnce = 8;
const patienceMs = 120_000;
const free = { per_second: 100_000, burst_count: 100_000 };
const unlimited = { rc_message: free, rc_login: { address: free, account: free, failed_attempts: free } };

export async function benchAcknowledgements(portBase: number): Promise<readonly AcknowledgementsResult[]> {
  const folder = join(benchFolder, 'acknowledgements');
  const declaration = join(folder, 'declaration');
  await writePatrols(declaration);
  const stack = await startStack({
    folder,
    portBase,
    servers: [land],
    declarations: new Map([['land', declaration]]),
    overrides: new Map([[land, unlimited]]),
    // Devices that an earlier run has left would be told, too.
    reset: true,
    onProgress: terminalProgress({ write: (text) => process.stderr.write(text) }),
  });
  try {
    return await measure(stack);
  } finally {
    await stack.stop();
  }
}

interface Course {
  readonly alert: SentAlert;
  readonly people: number;
  readonly patrols: readonly Patrol[];
  readonly listeners: readonly Listener[];
  readonly processIds: readonly number[];
}

async function measure(stack: Stack): Promise<readonly AcknowledgementsResult[]> {
  const { clientApiUrl, appserviceUrl, people } = domainOf(stack);
  const limit = pLimit(atOnce);
  const sessions = await Promise.all(
    people.map(({ userId, password }) => limit(() => signIn(clientApiUrl, userId, password))),
  );
  const [first] = people;
  if (first === undefined || appserviceUrl === null) throw new Error('There is nobody to send an alert.');
  const desk = await signIn(clientApiUrl, first.userId, first.password);
  const patrols = await Promise.all(
    sessions
      .slice(0, acknowledgements + 1)
      .map(async (matrix) => ({ matrix, api: await signInToApi(appserviceUrl, matrix) })),
  );
  const processIds = Object.values(stack.file.processIds);
  const results: AcknowledgementsResult[] = [];
  for (const size of roomSizes) {
    const listening = [desk, ...sessions.slice(0, size)];
    results.push(...(await measureRoom({ patrols, processIds, people: size }, listening)));
  }
  return results;
}

async function measureRoom(
  { patrols, processIds, people }: Pick<Course, 'patrols' | 'processIds' | 'people'>,
  listening: readonly MatrixSession[],
): Promise<readonly AcknowledgementsResult[]> {
  const [sender, ...others] = patrols;
  if (sender === undefined) throw new Error('There is nobody to send an alert.');
  const room = await roomOf(sender.matrix, people);
  const alert = { roomId: room.roomId, eventId: await sendText(sender.matrix, room.roomId, 'Fahndung'), sender };
  const listeners = listening.map((session) => new Listener(session));
  const limit = pLimit(atOnce);
  await Promise.all(listeners.map((listener) => limit(() => listener.begin())));
  try {
    const results: AcknowledgementsResult[] = [];
    for (const way of ways) {
      results.push(await measureWay(way, { alert, people, patrols: others, listeners, processIds }));
    }
    return results;
  } finally {
    await Promise.all(listeners.map((listener) => listener.stop()));
  }
}

/** The appservice brings everybody in after the stack is up. */
function roomOf(session: MatrixSession, people: number): Promise<ProvisionedRoom> {
  return waitUntil(
    `a room of ${people} people`,
    async () => {
      const rooms = await readProvisionedRooms(session);
      // The bot is a member, too.
      return rooms.find(
        ({ origin, members }) => origin.address.endsWith(`/+${roomId(people)}`) && members.length > people,
      );
    },
    patienceMs,
  );
}

async function measureWay(
  way: Way,
  { alert, people, patrols, listeners, processIds }: Course,
): Promise<AcknowledgementsResult> {
  const expected = patrols.length * way.toldDevices(listeners.length);
  const told = (): number => listeners.reduce((sum, listener) => sum + listener.told, 0);
  const [toldBefore, tookBefore, begun] = [told(), await processorSeconds(processIds), performance.now()];
  const limit = pLimit(atOnce);
  await Promise.all(patrols.map((patrol) => limit(() => way.acknowledge(patrol, alert))));
  await way.untilAsked?.(alert, patrols.length);
  await waitUntil(`${way.name}: all deliveries`, () => told() - toldBefore >= expected || undefined, patienceMs);
  return {
    way: way.name,
    people,
    acknowledgements: patrols.length,
    deliveries: told() - toldBefore,
    elapsedMs: performance.now() - begun,
    processorMs: ((await processorSeconds(processIds)) - tookBefore) * 1000,
  };
}

function domainOf({ file }: Stack) {
  const domain = file.domains[land];
  if (domain === undefined) throw new Error(`The stack runs no ${land}.`);
  return domain;
}
