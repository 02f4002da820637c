/** What the appservice does when somebody with the server's rights changes rooms behind its back. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listDrift } from '#appservice/apply/drift-records.ts';
import { verifyAudit } from '#appservice/audit/verify-audit.ts';
import { userIdSchema, type EventId, type RoomId } from '#contract/ids.ts';
import type { Drift } from '#contract/runs.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { sendStateAsBot } from '#test/harness/behind-the-back.ts';
import { startSmallOffice, type SmallOffice } from './small-office.ts';

const units = Array.from({ length: 40 }, (_, index) => `streife-${index + 1}`);
const anna = userIdSchema.parse('@anna.dienst:polizei.hessen.test');
const stranger = userIdSchema.parse('@eindringling:polizei.hessen.test');
const body = `
id: wache
short: Wache
name: Polizeiwache
server: polizei.hessen.test
units:
${units.map((unit) => `  - { id: ${unit}, name: ${unit} }`).join('\n')}
people:
  - { id: anna.dienst, name: Anna Dienst, unit: streife-1 }
announcers: [{ person: anna.dienst }]
`;

const foundMsMax = 1_000;
const repairedMsMax = 5_000;

let office: SmallOffice;

beforeAll(async () => {
  office = await startSmallOffice(body);
}, 120_000);
afterAll(() => office.stop());

function contentOf(roomId: RoomId, type: string): string {
  return JSON.stringify(office.contentOf(roomId, type));
}

async function reportsAt(address: string): Promise<Drift['differences']> {
  const { differences } = await listDrift(office.appservice().store.db);
  return differences.filter((difference) => difference.address === address);
}

/** When the homeserver told of an event, in milliseconds since 1970. */
async function arrivalOf(eventId: EventId): Promise<number> {
  const { at } = await office
    .appservice()
    .store.db.selectFrom('inbox')
    .select('received_at as at')
    .where('event_id', '=', eventId)
    .executeTakeFirstOrThrow();
  return at;
}

/** When the first repair after that moment began: the difference was found by then. */
async function repairAfter(moment: number): Promise<number> {
  const { at } = await office
    .appservice()
    .store.db.selectFrom('run')
    .select(({ fn }) => fn.min('started_at').as('at'))
    .where('purpose', '=', 'drift')
    .where('started_at', '>=', moment)
    .executeTakeFirstOrThrow();
  return at;
}

describe('within five seconds and without anybody asking', () => {
  test.each<[string, Record<string, unknown>]>([
    ['m.room.server_acl', { allow: ['*'], deny: [], allow_ip_literals: true }],
    // More than 50 the rules inside the homeserver would not let even the bot give (docs/adr/0019).
    ['m.room.power_levels', { users: { [anna]: 50 }, state_default: 0 }],
    ['m.room.encryption', { algorithm: 'm.megolm.v1.aes-sha2', rotation_period_msgs: 1_000_000 }],
    ['m.room.history_visibility', { history_visibility: 'world_readable' }],
    ['m.room.join_rules', { join_rule: 'public' }],
    ['m.room.guest_access', { guest_access: 'can_join' }],
  ])('%s is found within one second, and as declared again', async (type, content) => {
    const roomId = await office.roomAt('room/wache/streife-1');
    const declared = contentOf(roomId, type);
    const altered = await sendStateAsBot(office, roomId, type, content);
    await waitUntil(
      `the repair of ${type}`,
      () => (contentOf(roomId, type) === declared ? true : undefined),
      repairedMsMax,
    );
    const toldAt = await arrivalOf(altered);
    expect((await repairAfter(toldAt)) - toldAt).toBeLessThanOrEqual(foundMsMax);
  });

  test('a stranger who was let in is out again', async () => {
    const { homeserver } = office.appservice().parts.connection;
    const roomId = await office.roomAt('room/wache/streife-1');
    await homeserver.registerAccount(stranger, 'Eindringling');
    await homeserver.invite(roomId, stranger);
    await waitUntil(
      'the removal of the stranger',
      () => (office.membershipOf(roomId, stranger) === 'leave' ? true : undefined),
      repairedMsMax,
    );
  });

  test('a member who was banned is in again', async () => {
    const { homeserver } = office.appservice().parts.connection;
    const roomId = await office.roomAt('room/wache/streife-1');
    await homeserver.ban(roomId, anna, 'ausgesperrt');
    await waitUntil(
      'the return of the banned member',
      () => (office.membershipOf(roomId, anna) === 'join' ? true : undefined),
      repairedMsMax,
    );
  });

  test('a member who was put out is in again', async () => {
    const { homeserver } = office.appservice().parts.connection;
    const roomId = await office.roomAt('room/wache/streife-1');
    await homeserver.kick(roomId, anna, 'stumm gestellt');
    await waitUntil(
      'the return of the member',
      () => (office.membershipOf(roomId, anna) === 'join' ? true : undefined),
      repairedMsMax,
    );
  });
});

test('a changed name is reported within a second, left as it is, and made as declared when somebody says so there', async () => {
  const { parts, store } = office.appservice();
  const roomId = await office.roomAt('room/wache/streife-2');
  const altered = await sendStateAsBot(office, roomId, 'm.room.name', { name: 'Kaffeerunde' });
  const foundAt = await waitUntil(
    'the report of the name',
    async () => (await reportsAt('room/wache/streife-2')).map(({ foundAt: at }) => Date.parse(at))[0],
  );
  expect(foundAt - (await arrivalOf(altered))).toBeLessThanOrEqual(foundMsMax);
  await parts.provisioner.reconcile();
  expect(contentOf(roomId, 'm.room.name')).toContain('Kaffeerunde');
  const rows = await store.db.selectFrom('audit').select('subject').where('action', '=', 'drift.reported').execute();
  expect(rows).toEqual([{ subject: 'room/wache/streife-2' }]);

  await parts.provisioner.repairReported((address) => address !== 'room/wache/streife-2');
  expect(contentOf(roomId, 'm.room.name')).toContain('Kaffeerunde');
  await parts.provisioner.repairReported(() => true);
  expect(contentOf(roomId, 'm.room.name')).toContain('streife-2');
  expect(await reportsAt('room/wache/streife-2')).toEqual([]);
});

test('a storm ends with every room as declared, and then it is quiet', async () => {
  const { parts, store } = office.appservice();
  const rooms = await Promise.all(units.map((unit) => office.roomAt(`room/wache/${unit}`)));
  const last = await store.db.selectFrom('audit_head').select('sequence').executeTakeFirstOrThrow();
  await Promise.all(
    rooms.flatMap((roomId) => [
      sendStateAsBot(office, roomId, 'm.room.server_acl', { allow: ['*'], deny: [] }),
      sendStateAsBot(office, roomId, 'm.room.retention', { max_lifetime: 1_000 * 86_400_000 }),
    ]),
  );
  await waitUntil('the end of the storm', () =>
    rooms.every((roomId) => !contentOf(roomId, 'm.room.server_acl').includes('*')) ? true : undefined,
  );
  await parts.provisioner.reconcile();
  const settled = office.countEvents();
  await parts.provisioner.reconcile();
  expect(office.countEvents()).toBe(settled);
  const repairs = await store.db.selectFrom('audit').select('action').where('sequence', '>', last.sequence).execute();
  expect(repairs.every(({ action }) => action === 'drift.repaired')).toBe(true);
  expect(await verifyAudit(store.db)).toMatchObject({ firstBadSequence: null });
});
