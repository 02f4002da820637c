/**
 * How fast people get into a room: in one request to the endpoint inside Synapse (docs/adr/0016) against single
 * invitations and joins by the appservice's own adapter, on the same homeserver in turn, into rooms of the same size.
 */
import { join } from 'node:path';
import pLimit from 'p-limit';
import { pino } from 'pino';
import { readConfig, type Config } from '#appservice/config.ts';
import { connectHomeserver, type HomeserverConnection } from '#appservice/matrix/connect-homeserver.ts';
import type { Homeserver } from '#appservice/matrix/ports.ts';
import { readInputs } from '#appservice/read-inputs.ts';
import { userIdSchema, type RoomId, type UserId } from '#contract/ids.ts';
import { roomClassesPath } from '#stack/servers.ts';
import { startStack } from '#stack/stack.ts';
import { startAllowingPolicy } from './allowing-policy.ts';
import { writeDeclaration } from './bench-organisation.ts';
import { benchFolder, benchPortBase, land } from './bench-stack.ts';
import { summarise, type Summary } from './statistics.ts';

export interface MembershipsResult {
  readonly people: number;
  readonly singlePeople: number;
  readonly rounds: number;
  /** Milliseconds a person. */
  readonly together: Summary;
  readonly singly: Summary;
}

/** As many as one request of the appservice names. */
const groupSize = 100;
const singlePeople = 25;
const singlesAtOnce = 8;

/** `people` in a room, `rounds` times each way. */
export async function benchMemberships(people: number, rounds: number): Promise<MembershipsResult> {
  const folder = join(benchFolder, 'memberships');
  const declaration = join(folder, 'declaration');
  await writeDeclaration(declaration, 'leer', 0);
  const declarations = new Map([['land', declaration]]);
  const stack = await startStack({ folder, portBase: benchPortBase, servers: [land], declarations, reset: true });
  try {
    await stack.stopProcess(`appservice ${land}`);
    const config = await readConfig(join(folder, land, 'appservice', 'config.yaml'));
    return await withHomeserver({ ...config, organisation: [roomClassesPath, declaration] }, (homeserver) =>
      measure(homeserver, people, rounds),
    );
  } finally {
    await stack.stop();
  }
}

/** The appservice is away; a policy that allows everything at once is the best that single joins can meet. */
async function withHomeserver<Result>(
  config: Config,
  work: (homeserver: Homeserver) => Promise<Result>,
): Promise<Result> {
  const policy = await startAllowingPolicy(config.listen.homeserver.port);
  const connection = await connect(config);
  try {
    return await work(connection.homeserver);
  } finally {
    await connection.close();
    await policy.close();
  }
}

async function connect(config: Config): Promise<HomeserverConnection> {
  return connectHomeserver({
    ...config,
    ...(await readInputs(config)),
    logger: pino({ enabled: false }),
    abandoned: new AbortController().signal,
    onEvent: () => undefined,
  });
}

async function measure(homeserver: Homeserver, people: number, rounds: number): Promise<MembershipsResult> {
  const crowd = await registerPeople(homeserver, people);
  const together: number[] = [];
  const singly: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    together.push((await timed(homeserver, (roomId) => bringTogether(homeserver, roomId, crowd))) / people);
    const few = crowd.slice(0, singlePeople);
    singly.push((await timed(homeserver, (roomId) => bringSingly(homeserver, roomId, few))) / few.length);
  }
  return { people, singlePeople, rounds, together: summarise(together), singly: summarise(singly) };
}

async function registerPeople(homeserver: Homeserver, count: number): Promise<UserId[]> {
  const people = Array.from({ length: count }, (_, index) => userIdSchema.parse(`@messung-${index}:${land}`));
  const limit = pLimit(singlesAtOnce);
  await Promise.all(people.map((person) => limit(() => homeserver.registerAccount(person, 'Messung'))));
  return people;
}

async function timed(homeserver: Homeserver, work: (roomId: RoomId) => Promise<void>): Promise<number> {
  const roomId = await homeserver.createRoom({
    room_version: '12',
    visibility: 'private',
    preset: 'private_chat',
    invite: [],
    creation_content: { 'm.federate': false },
    initial_state: [],
  });
  const begun = performance.now();
  await work(roomId);
  return performance.now() - begun;
}

async function bringTogether({ joinTogether }: Homeserver, roomId: RoomId, people: readonly UserId[]): Promise<void> {
  if (joinTogether === null) throw new Error('The homeserver of the benchmark takes no groups.');
  for (let start = 0; start < people.length; start += groupSize) {
    const group = people.slice(start, start + groupSize);
    const arrived = await joinTogether(roomId, group);
    if (arrived.size !== group.length) throw new Error(`${group.length - arrived.size} people were refused.`);
  }
}

/** As many at a time as the appservice sends; Synapse does them one by one anyway. */
async function bringSingly(homeserver: Homeserver, roomId: RoomId, people: readonly UserId[]): Promise<void> {
  const limit = pLimit(singlesAtOnce);
  await Promise.all(
    people.map((person) =>
      limit(async () => {
        await homeserver.invite(roomId, person);
        await homeserver.joinAs(person, roomId, []);
      }),
    ),
  );
}
