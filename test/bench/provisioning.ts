/**
 * How fast the appservice makes rooms, against a bare loop that sends the same: createRoom, the room's roster, and its link
 * in a space, to the same homeserver in the same run. The loop runs before and after, because a homeserver slows down as its
 * database grows.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { parse } from 'yaml';
import { z } from 'zod';
import { startAppservice, type Appservice } from '#appservice/appservice.ts';
import { readConfig, type Config } from '#appservice/config.ts';
import { createLogger } from '#appservice/logger.ts';
import { isSpace } from '#appservice/reconciler/desired-room.ts';
import { computeDesiredState } from '#appservice/reconciler/desired-state.ts';
import { computeRoomCreation } from '#appservice/reconciler/room-creation.ts';
import { loadOrganisation } from '#appservice/organisation/load-organisation.ts';
import { readEd25519Key } from '#appservice/ed25519-key.ts';
import { createRosterSeal } from '#appservice/roster/roster-seal.ts';
import { computeSpaceChild } from '#appservice/reconciler/room-state.ts';
import type { RoomCreation, StateContent } from '#appservice/matrix/ports.ts';
import { roomIdSchema, type RoomId } from '#contract/ids.ts';
import { roomClassesPath } from '#stack/servers.ts';
import { startStack } from '#stack/stack.ts';
import { writeDeclaration } from './bench-organisation.ts';
import { startAllowingPolicy } from './allowing-policy.ts';
import { benchFolder, benchPortBase, land } from './bench-stack.ts';

export interface ProvisioningResult {
  readonly rooms: number;
  readonly concurrency: number;
  /** createRoom per second of the bare loop, before and after the appservice's run. */
  readonly bareRates: readonly [number, number];
  readonly appserviceRate: number;
}

/**
 * createRoom with complete state ran at 5.6 per second at this concurrency on two cores. A loop more than a third
 * slower measures something else (a busy machine, a broken policy), and would flatter the ratio.
 */
export const bareRateMin = (5.6 * 2) / 3;

const registrationSchema = z.looseObject({ as_token: z.string() });

export async function benchProvisioning(rooms: number): Promise<ProvisioningResult> {
  const folder = join(benchFolder, 'provisioning');
  const nothing = join(folder, 'declaration-nothing');
  const declared = join(folder, 'declaration-rooms');
  await writeDeclaration(nothing, 'leer', 0);
  await writeDeclaration(declared, 'messung', rooms);
  const declarations = new Map([['land', nothing]]);
  const stack = await startStack({ folder, portBase: benchPortBase, servers: [land], declarations, reset: true });
  try {
    await stack.stopProcess(`appservice ${land}`);
    const config = await configOf(join(folder, land, 'appservice'), declared);
    const requests = await creationsOf(config);
    const before = await measureBareLoop(config, requests);
    const appserviceRate = await measureAppservice(config, requests.rooms.length);
    const after = await measureBareLoop(config, requests);
    return { rooms, concurrency: config.reconcile.concurrency, bareRates: [before, after], appserviceRate };
  } finally {
    await stack.stop();
  }
}

async function configOf(appserviceFolder: string, declaration: string): Promise<Config> {
  const config = await readConfig(join(appserviceFolder, 'config.yaml'));
  return {
    ...config,
    organisation: [roomClassesPath, declaration],
    database: { url: `sqlite:${join(appserviceFolder, 'bench.db')}` },
    logLevel: 'silent',
  };
}

interface Creations {
  readonly space: RoomCreation;
  readonly rooms: readonly RoomCreation[];
}

/** The requests that the appservice will send for the declared rooms, but for the name of the trust domain. */
async function creationsOf(config: Config): Promise<Creations> {
  const loaded = await loadOrganisation(config.organisation);
  if (!loaded.ok) throw new Error('The declaration of the benchmark has faults.');
  const { rooms } = computeDesiredState(loaded.organisation, config.serverName);
  const creations = rooms.map((room) => ({
    isSpace: isSpace(room),
    request: computeRoomCreation({ ...room, domain: nobodys }, { serverName: config.serverName, parent: someSpace }),
  }));
  const space = creations.find((creation) => creation.isSpace);
  if (space === undefined) throw new Error('The declaration of the benchmark has no space.');
  const others = creations.filter((creation) => !creation.isSpace);
  return { space: space.request, rooms: others.map(({ request }) => request) };
}

/** As long as the own trust domain's. The appservice would adopt rooms of its own domain instead of making them. */
const nobodys = 'bare';

/** As long as a real one: the request's size must not differ. */
const someSpace = roomIdSchema.parse(`!${'A'.repeat(43)}`);

async function measureBareLoop(config: Config, { space, rooms }: Creations): Promise<number> {
  const token = registrationSchema.parse(parse(await readFile(config.registrations.provisioner, 'utf8'))).as_token;
  const policy = await startAllowingPolicy(config.listen.homeserver.port);
  const rosters = createRosterSeal(readEd25519Key(await readFile(config.rosterKeyPath, 'utf8')), Date.now);
  const send = sender(config.homeserverUrl, token);
  const create = async (request: RoomCreation): Promise<RoomId> =>
    createdSchema.parse(await send('POST', 'createRoom', request)).room_id;
  const setState = (roomId: RoomId, { type, state_key: key, content }: StateContent): Promise<unknown> =>
    send('PUT', `rooms/${encodeURIComponent(roomId)}/state/${type}/${encodeURIComponent(key)}`, content);
  // The homeserver still holds connections to whoever answered on this port before; each fails once.
  await Promise.allSettled(rooms.slice(0, config.reconcile.concurrency).map(create));
  const parent = await create(space);
  const createComplete = async (request: RoomCreation): Promise<void> => {
    const roomId = await create(request);
    for (const part of rosters.seal(roomId, request.invite)) await setState(roomId, part);
    await setState(parent, computeSpaceChild(roomId, config.serverName));
  };
  const limit = pLimit(config.reconcile.concurrency);
  const begun = performance.now();
  await Promise.all(rooms.map((request) => limit(() => createComplete(request))));
  const rate = rateOf(rooms.length, performance.now() - begun);
  await policy.close();
  return rate;
}

const createdSchema = z.object({ room_id: roomIdSchema });

function sender(homeserverUrl: string, token: string) {
  return async (method: 'POST' | 'PUT', path: string, body: object): Promise<unknown> => {
    const answer = await fetch(`${homeserverUrl}/_matrix/client/v3/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        // The homeserver closes what was idle between the two loops; a new connection costs next to nothing here.
        connection: 'close',
      },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
}

/** From start to "the organisation stands": looking, planning, creating, linking, inventory and audit included. */
async function measureAppservice(config: Config, rooms: number): Promise<number> {
  const begun = performance.now();
  const appservice = await startAppservice(config, createLogger(config.logLevel));
  await appservice.ready;
  const elapsedMs = performance.now() - begun;
  const created = await countCreated(appservice);
  await appservice.stop();
  if (created < rooms) throw new Error(`The appservice made ${created} rooms of ${rooms}: that is no comparison.`);
  return rateOf(rooms, elapsedMs);
}

async function countCreated({ store }: Appservice): Promise<number> {
  const { created } = await store.db
    .selectFrom('journal')
    .select(({ fn }) => fn.countAll<number>().as('created'))
    .where('kind', '=', 'CreateRoom')
    .where('state', '=', 'applied')
    .executeTakeFirstOrThrow();
  return created;
}

function rateOf(count: number, elapsedMs: number): number {
  return count / (elapsedMs / 1000);
}
