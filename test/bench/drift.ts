/**
 * How fast the appservice finds and repairs rooms that somebody with the server's rights opened, all of them at once, and
 * how long a sweep takes that finds nothing.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import pLimit from 'p-limit';
import { startAppservice, type Appservice } from '#appservice/appservice.ts';
import { readInventory } from '#appservice/apply/inventory.ts';
import { readConfig } from '#appservice/config.ts';
import { createLogger } from '#appservice/logger.ts';
import type { RoomId } from '#contract/ids.ts';
import { roomClassesPath } from '#stack/servers.ts';
import { startStack } from '#stack/stack.ts';
import { sendStateAsBot } from '#test/harness/behind-the-back.ts';
import { writeDeclaration } from './bench-organisation.ts';
import { benchFolder, land } from './bench-stack.ts';
import { summarise, type Summary } from './statistics.ts';

export interface DriftResult {
  readonly rooms: number;
  /** A look at everything that finds nothing to do. */
  readonly sweepMs: number;
  /** How many events it left in the homeserver's database. */
  readonly sweepEvents: number;
  /** From the first room that was opened to the last one that was. */
  readonly alteringMs: number;
  /** From the first room that was opened to the last one that was repaired. */
  readonly repairedMs: number;
  /** Of single rooms, from the homeserver's telling until the difference was found. */
  readonly found: Summary;
  /** The same until the repair stands in the audit trail. */
  readonly repaired: Summary;
}

const alteredAtOnce = 16;
const singleRooms = 40;
const opened = { allow: ['*'], deny: [] };
const pollMs = 100;

export async function benchDrift(rooms: number, portBase: number): Promise<DriftResult> {
  // Making many rooms takes longer than all that is measured: they stay for the next run.
  const folder = join(benchFolder, `drift-${rooms}`);
  const declaration = join(folder, 'declaration');
  await writeDeclaration(declaration, 'messung', rooms);
  const declarations = new Map([['land', declaration]]);
  const stack = await startStack({ folder, portBase, servers: [land], declarations, reset: false });
  try {
    // The same appservice, in this process: the stack's own has made the rooms.
    await stack.stopProcess(`appservice ${land}`);
    const configPath = join(folder, land, 'appservice', 'config.yaml');
    const config = await readConfig(configPath);
    const appservice = await startAppservice(
      { ...config, organisation: [roomClassesPath, declaration] },
      createLogger('silent'),
    );
    await appservice.ready;
    const result = await measure(appservice, { configPath }, join(folder, land, 'homeserver', 'homeserver.db'));
    await appservice.stop();
    return result;
  } finally {
    await stack.stop();
  }
}

async function measure(appservice: Appservice, office: Office, homeserverPath: string): Promise<DriftResult> {
  const eventsBefore = countEvents(homeserverPath);
  const sweepMs = await elapsedMs(() => appservice.parts.provisioner.reconcile());
  const sweepEvents = countEvents(homeserverPath) - eventsBefore;
  const before = await countRepairs(appservice);
  const inventory = await readInventory(appservice.store.db);
  const rooms = [...inventory].filter(([address]) => address.startsWith('room/')).map(([, roomId]) => roomId);
  const begun = performance.now();
  await openAll(office, rooms);
  const alteringMs = performance.now() - begun;
  await untilRepairs(appservice, before + rooms.length);
  const repairedMs = performance.now() - begun;
  const singly = await openOneByOne(appservice, office, rooms.slice(0, singleRooms));
  return { rooms: rooms.length, sweepMs, sweepEvents, alteringMs, repairedMs, ...singly };
}

type Office = Parameters<typeof sendStateAsBot>[0];

async function openAll(office: Office, rooms: readonly RoomId[]): Promise<void> {
  const limit = pLimit(alteredAtOnce);
  await Promise.all(rooms.map((roomId) => limit(() => sendStateAsBot(office, roomId, 'm.room.server_acl', opened))));
}

/** Each room only when the one before is as declared again. */
async function openOneByOne(
  appservice: Appservice,
  office: Office,
  rooms: readonly RoomId[],
): Promise<Pick<DriftResult, 'found' | 'repaired'>> {
  const found: number[] = [];
  const repaired: number[] = [];
  for (const roomId of rooms) {
    const before = await countRepairs(appservice);
    await sendStateAsBot(office, roomId, 'm.room.server_acl', opened);
    await untilRepairs(appservice, before + 1);
    const { toldAt, foundAt, repairedAt } = await timesOfLast(appservice, roomId);
    found.push(foundAt - toldAt);
    repaired.push(repairedAt - toldAt);
  }
  return { found: summarise(found), repaired: summarise(repaired) };
}

/** When the homeserver told of the room's last opening, when its repair began, and when that was noted. */
async function timesOfLast({ store: { db } }: Appservice, roomId: RoomId) {
  const { toldAt } = await db
    .selectFrom('inbox')
    .select(({ fn }) => fn.max('received_at').as('toldAt'))
    // The repair's own event carries the same as `prev_content`.
    .where('content', 'like', `%"content":{"allow":["*"]%`)
    .where('content', 'like', `%"room_id":"${roomId}"%`)
    .executeTakeFirstOrThrow();
  const { foundAt } = await db
    .selectFrom('run')
    .select(({ fn }) => fn.max('started_at').as('foundAt'))
    .executeTakeFirstOrThrow();
  const { repairedAt } = await db
    .selectFrom('audit')
    .select(({ fn }) => fn.max('at').as('repairedAt'))
    .where('action', '=', 'drift.repaired')
    .executeTakeFirstOrThrow();
  return { toldAt, foundAt, repairedAt };
}

async function untilRepairs(appservice: Appservice, count: number): Promise<void> {
  while ((await countRepairs(appservice)) < count) await pause(pollMs);
}

async function countRepairs({ store }: Appservice): Promise<number> {
  const { repairs } = await store.db
    .selectFrom('audit')
    .select(({ fn }) => fn.countAll<number>().as('repairs'))
    .where('action', '=', 'drift.repaired')
    .executeTakeFirstOrThrow();
  return repairs;
}

function countEvents(homeserverPath: string): number {
  const synapse = new Database(homeserverPath, { readonly: true });
  try {
    return Number(synapse.prepare('select count(*) from events').pluck().get());
  } finally {
    synapse.close();
  }
}

async function elapsedMs(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
