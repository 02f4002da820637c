import { appendFile, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { verifyAudit } from '#appservice/audit/verify-audit.ts';
import type { Database } from '#appservice/store/schema.ts';
import { openTestDatabase } from '#appservice/store/test-database.ts';
import { watchRefusals, type RefusalWatch } from './watch-refusals.ts';

let folder: string;
let logPath: string;
let database: Kysely<Database>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landbote-refusals-'));
  logPath = join(folder, 'refusals.jsonl');
  database = await openTestDatabase();
});
afterEach(() => rm(folder, { recursive: true }));

const police = { rule: 'whitelist.not-listed', attacker: 'polizei.hessen.test', room: '!raum' };
const teacher = { rule: 'event.unauthorised', attacker: '@tom:schule.hessen.test', room: '!raum' };

const log = (...refusals: object[]): Promise<void> =>
  appendFile(logPath, refusals.map((refusal) => `${JSON.stringify({ time: 7, ...refusal })}\n`).join(''));

const start = (): RefusalWatch =>
  watchRefusals({ logPath, database, logger: pino({ level: 'silent' }), now: () => Date.now() });

async function rows(): Promise<{ actor: string; rule: unknown; times: unknown }[]> {
  const audit = await database
    .selectFrom('audit')
    .selectAll()
    .where('action', '=', 'wall.observed')
    .orderBy('sequence')
    .execute();
  return audit.map(({ actor, detail }) => {
    const { rule, times } = JSON.parse(detail);
    return { actor, rule, times };
  });
}

const row = ({ attacker, rule }: typeof police, times: number) => ({ actor: attacker, rule, times });

test('the first of its kind becomes a row at once; the others are counted, and written at the end', async () => {
  const watch = start();
  await log(police, police, police, teacher);
  await vi.waitFor(async () => expect(await rows()).toEqual([row(police, 1), row(teacher, 1)]), 5_000);
  await watch.stop();
  expect(await rows()).toEqual([row(police, 1), row(teacher, 1), row(police, 2)]);
  expect(await verifyAudit(database)).toMatchObject({ firstBadSequence: null });
});

test('a new start writes nothing twice and misses nothing, over a rotation too', async () => {
  await log(police, police);
  const first = start();
  await vi.waitFor(async () => expect(await rows()).toHaveLength(1), 5_000);
  await first.stop();
  await log(teacher);
  await rename(logPath, `${logPath}.2026-11-27`);
  await log(police);
  const second = start();
  await vi.waitFor(async () => expect((await rows()).length).toBeGreaterThanOrEqual(4), 5_000);
  await second.stop();
  expect(await rows()).toEqual([row(police, 1), row(police, 1), row(teacher, 1), row(police, 1)]);
});

test('what is no line of the log is passed over', async () => {
  await appendFile(logPath, 'kein JSON\n{"rule":"other"}\n');
  await log(teacher);
  const watch = start();
  await vi.waitFor(async () => expect(await rows()).toEqual([row(teacher, 1)]), 5_000);
  await watch.stop();
});

test('an attacker who varies the room cannot fill the audit trail', async () => {
  await log(...Array.from({ length: 3_000 }, (_, number) => ({ ...police, room: `!${number}` })));
  const watch = start();
  await vi.waitFor(async () => expect((await rows()).length).toBeGreaterThan(100), 20_000);
  await watch.stop();
  expect((await rows()).length).toBeLessThanOrEqual(102);
});
