/**
 * How fast the appservice finds and repairs rooms that somebody with the server's rights opened, all of them at once, and
 * how long a sweep takes that finds nothing.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import { startAppservice, type Appservice } from '#appservice/appservice.ts';
import { readInventory } from '#appservice/apply/inventory.ts';
import { readConfig } from '#appservice/config.ts';
import { createLogger } from '#appservice/logger.ts';
import type { RoomId } from '#contract/ids.ts';
import { roomClassesPath } from '#stack/servers.ts';
import { startStack } from '#stack/stack.ts';
import { writeDeclaration } from './bench-organisation.ts';
import { benchFolder, land } from './bench-stack.ts';

export interface DriftResult {
  readonly rooms: number;
  /** A look at everything that finds nothing to do. */
  readonly sweepMs: number;
  /** From the first room that was opened to the last one that was. */
  readonly alteringMs: number;
  /** From the first room that was opened to the last one that was repaired. */
  readonly repairedMs: number;
}

const alteredAtOnce = 16;
const pollMs = 100;

export async function benchDrift(rooms: number, portBase: number): Promise<DriftResult> {
  const folder = join(benchFolder, 'drift');
  const declaration = join(folder, 'declaration');
  await writeDeclaration(declaration, 'messung', rooms);
  const declarations = new Map([['land', declaration]]);
  const stack = await startStack({ folder, portBase, servers: [land], declarations, reset: true });
  try {
    // The same appservice, in this process: the stack's own has made the rooms.
    await stack.stopProcess(`appservice ${land}`);
    const config = await readConfig(join(folder, land, 'appservice', 'config.yaml'));
    const appservice = await startAppservice(
      { ...config, organisation: [roomClassesPath, declaration] },
      createLogger('silent'),
    );
    await appservice.ready;
    const result = await measure(appservice);
    await appservice.stop();
    return result;
  } finally {
    await stack.stop();
  }
}

async function measure(appservice: Appservice): Promise<DriftResult> {
  const sweepMs = await elapsedMs(() => appservice.parts.provisioner.reconcile());
  const inventory = await readInventory(appservice.store.db);
  const opened = [...inventory].filter(([address]) => address.startsWith('room/')).map(([, roomId]) => roomId);
  const begun = performance.now();
  await openAll(appservice, opened);
  const alteringMs = performance.now() - begun;
  await untilRepaired(appservice, opened.length);
  return { rooms: opened.length, sweepMs, alteringMs, repairedMs: performance.now() - begun };
}

async function openAll({ parts }: Appservice, rooms: readonly RoomId[]): Promise<void> {
  const limit = pLimit(alteredAtOnce);
  const state = { type: 'm.room.server_acl', state_key: '', content: { allow: ['*'], deny: [] } };
  await Promise.all(rooms.map((roomId) => limit(() => parts.connection.homeserver.sendState(roomId, state))));
}

async function untilRepaired({ store }: Appservice, rooms: number): Promise<void> {
  for (;;) {
    const { repairs } = await store.db
      .selectFrom('audit')
      .select(({ fn }) => fn.countAll<number>().as('repairs'))
      .where('action', '=', 'drift.repaired')
      .executeTakeFirstOrThrow();
    if (repairs >= rooms) return;
    await pause(pollMs);
  }
}

async function elapsedMs(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
