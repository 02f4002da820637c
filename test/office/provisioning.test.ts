/** What the appservice makes of a declaration, as it lies in the homeserver's own database. */
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readInventory, type Inventory } from '#appservice/apply/inventory.ts';
import { readPlannedChanges } from '#appservice/apply/planned-changes.ts';
import { listPlans } from '#appservice/apply/plan-records.ts';
import { verifyAudit } from '#appservice/audit/verify-audit.ts';
import type { PlanSummary } from '#contract/governance.ts';
import { userIdSchema, type RoomId } from '#contract/ids.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { sendStateAsBot } from '#test/harness/behind-the-back.ts';
import { startSmallOffice, type SmallOffice } from './small-office.ts';

const bot = '@landbote:polizei.hessen.test';
const anna = '@anna.dienst:polizei.hessen.test';
const bert = '@bert.streife:polizei.hessen.test';
const approver = userIdSchema.parse('@lena.leitung:polizei.hessen.test');

const body = `
id: wache
short: Wache
name: Polizeiwache
server: polizei.hessen.test
units:
  - { id: dienst, name: Dienst, units: [{ id: gruppe-a, name: Gruppe A }] }
  - { id: streife, name: Streife }
people:
  - { id: anna.dienst, name: Anna Dienst, unit: gruppe-a }
  - { id: bert.streife, name: Bert Streife, unit: streife }
  - { id: lena.leitung, name: Lena Leitung, roles: [approver] }
announcers: [{ person: lena.leitung }]
`;

const refusedDetailSchema = z.object({ refusals: z.array(z.object({ gate: z.string(), message: z.string() })) });

let office: SmallOffice;

beforeAll(async () => {
  office = await startSmallOffice(body);
});
afterAll(() => office.stop());

async function roomAt(address: string): Promise<RoomId> {
  const roomId = (await inventory()).get(address);
  if (roomId === undefined) throw new Error(`there is no room ${address}`);
  return roomId;
}

function inventory(): Promise<Inventory> {
  return readInventory(office.appservice().store.db);
}

async function contents(address: string): Promise<Record<string, unknown>> {
  const state = office.stateOf(await roomAt(address));
  return Object.fromEntries(
    state.filter(({ stateKey }) => stateKey === '').map(({ type, content }) => [type, content]),
  );
}

async function membersOf(address: string): Promise<string[]> {
  const state = office.stateOf(await roomAt(address));
  const joined = state.filter(({ type, content }) => type === 'm.room.member' && content['membership'] === 'join');
  return joined.map(({ stateKey }) => stateKey).toSorted();
}

function waitingPlan(): Promise<PlanSummary> {
  return waitUntil('a plan that waits', async () =>
    (await listPlans(office.appservice().store.db)).find(({ state }) => state === 'awaiting-approval'),
  );
}

async function untilApplied(digest: string): Promise<void> {
  await waitUntil('the end of the run that carries the plan out', async () => {
    const plans = await listPlans(office.appservice().store.db);
    return plans.find((plan) => plan.digest === digest)?.state === 'applied' ? true : undefined;
  });
}

async function actionsOfAudit(): Promise<string[]> {
  const rows = await office.appservice().store.db.selectFrom('audit').select('action').orderBy('sequence').execute();
  return rows.map(({ action }) => action);
}

/** Who was refused a plan by which gates, in the order of the audit. */
async function refusalsInAudit(plan: string): Promise<{ actor: string; gates: string[] }[]> {
  const { db } = office.appservice().store;
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('action', '=', 'plan.refused')
    .where('subject', '=', plan)
    .orderBy('sequence')
    .execute();
  return rows.map(({ actor, detail }) => {
    const { refusals } = refusedDetailSchema.parse(JSON.parse(detail));
    return { actor, gates: refusals.map(({ gate }) => gate) };
  });
}

test("a unit's room has everything that protects it, field by field", async () => {
  expect(await contents('room/wache/gruppe-a')).toEqual({
    'm.room.create': {
      room_version: '12',
      'm.federate': false,
      'de.landbote.room': { domain: 'polizei', class: 'einheit', address: 'room/wache/gruppe-a', body: 'wache' },
    },
    'm.room.power_levels': {
      users: {},
      users_default: 0,
      events: {
        'm.room.server_acl': 150,
        'm.room.power_levels': 150,
        'm.room.encryption': 150,
        'm.room.history_visibility': 150,
        'm.room.join_rules': 150,
        'm.room.guest_access': 150,
        'm.room.retention': 150,
        'm.room.policy': 150,
        'm.room.tombstone': 150,
        'm.space.child': 150,
      },
      events_default: 0,
      state_default: 100,
      ban: 100,
      kick: 100,
      redact: 100,
      invite: 100,
      historical: 100,
    },
    'm.room.server_acl': { allow: ['polizei.hessen.test'], deny: [], allow_ip_literals: false },
    'm.room.join_rules': { join_rule: 'invite' },
    'm.room.history_visibility': { history_visibility: 'invited' },
    'm.room.guest_access': { guest_access: 'forbidden' },
    'm.room.encryption': { algorithm: 'm.megolm.v1.aes-sha2' },
    'm.room.retention': { max_lifetime: 365 * 24 * 60 * 60 * 1000 },
    'm.room.name': { name: 'Gruppe A' },
  });
});

test('in the announcement room only the named write, and everybody reacts', async () => {
  const { 'm.room.power_levels': levels, 'm.room.history_visibility': history } = await contents('room/wache');
  expect(levels).toMatchObject({
    users: { [approver]: 50 },
    events_default: 50,
    events: { 'm.reaction': 0, 'm.room.redaction': 0 },
  });
  expect(history).toEqual({ history_visibility: 'joined' });
});

test('the spaces show the tree of the declaration, and every room names its space', async () => {
  const addresses = new Map([...(await inventory())].map(([address, roomId]) => [String(roomId), address]));
  const linksOf = async (address: string, type: string): Promise<string[]> =>
    office
      .stateOf(await roomAt(address))
      .filter((event) => event.type === type)
      .map(({ stateKey }) => addresses.get(stateKey) ?? stateKey)
      .toSorted();
  expect(await linksOf('space/wache', 'm.space.child')).toEqual([
    'room/wache',
    'room/wache/streife',
    'space/wache/dienst',
  ]);
  expect(await linksOf('space/wache/dienst', 'm.space.child')).toEqual(['room/wache/dienst', 'room/wache/gruppe-a']);
  expect(await linksOf('room/wache/gruppe-a', 'm.space.parent')).toEqual(['space/wache/dienst']);
});

test('people are in their rooms without having clicked anything', async () => {
  expect(await membersOf('room/wache')).toEqual([anna, bert, bot, approver].toSorted());
  expect(await membersOf('room/wache/dienst')).toEqual([anna, bot]);
  expect(await membersOf('room/wache/streife')).toEqual([bert, bot]);
});

test('only the first revision came into force by itself, and the audit says so', async () => {
  const actions = await actionsOfAudit();
  expect(actions.filter((action) => action.startsWith('revision.'))).toEqual([
    'revision.received',
    'revision.approved-first',
  ]);
  expect(actions).not.toContain('change.failed');
});

test("another run writes not one event into the homeserver's database", async () => {
  const before = office.countEvents();
  expect(await office.appservice().parts.provisioner.reconcile()).toEqual({
    applied: 0,
    failed: 0,
    elsewhere: 0,
    isRefused: false,
    isCancelled: false,
  });
  expect(office.countEvents()).toBe(before);
});

test('a changed declaration waits for approval, is carried out when approved, and then is settled', async () => {
  const { store, parts } = office.appservice();
  const before = office.countEvents();
  const declared = await readFile(office.bodyPath, 'utf8');
  await writeFile(office.bodyPath, declared.replace('unit: streife }', 'unit: gruppe-a }'));
  const plan = await waitUntil('the plan of the changed declaration', async () =>
    (await listPlans(store.db)).find(({ state }) => state === 'awaiting-approval'),
  );
  expect(plan).toMatchObject({ applyable: true, complete: true, errored: false });
  expect(plan.summary).toContain('Removes 1 person from 1 room.');
  const removal = (await readPlannedChanges(store.db, plan.digest))?.find(({ kind }) => kind === 'Kick');
  expect(removal).toEqual({
    kind: 'Kick',
    address: 'room/wache/streife',
    userId: bert,
    before: 'join',
    after: 'leave',
    reason: 'no longer belongs to this room',
    risk: 'medium',
  });
  expect(office.countEvents()).toBe(before);

  expect(await parts.provisioner.approve('0'.repeat(64), approver)).toBe('plan.unknown');
  expect(await parts.provisioner.approve(plan.digest, approver)).toMatchObject({ state: 'applying' });
  await untilApplied(plan.digest);
  expect(await membersOf('room/wache/streife')).toEqual([bot]);
  expect(await membersOf('room/wache/gruppe-a')).toEqual([anna, bert, bot]);
  expect(await parts.provisioner.approve(plan.digest, approver)).toBe('plan.not-awaiting-approval');

  const after = office.countEvents();
  expect(await parts.provisioner.reconcile()).toMatchObject({ applied: 0, failed: 0 });
  expect(office.countEvents()).toBe(after);
});

test('a declaration with faults changes nothing, and the log names them all', async () => {
  const { parts, store } = office.appservice();
  const declared = await readFile(office.bodyPath, 'utf8');
  const inForce = parts.provisioner.organisation();
  await writeFile(office.bodyPath, declared.replaceAll('unit: gruppe-a }', 'unit: fehlt }'));
  const line = await waitUntil('the faults in the log', () => office.log.find((text) => text.includes('has faults')));
  expect(line).toContain('people.0.unit');
  expect(line).toContain('people.1.unit');
  expect(parts.provisioner.organisation()).toBe(inForce);
  expect((await listPlans(store.db)).map(({ state }) => state)).not.toContain('awaiting-approval');
  await writeFile(office.bodyPath, declared);
});

test('a loosened room is repaired as soon as the homeserver tells, without approval', async () => {
  const roomId = await roomAt('room/wache/dienst');
  const content = { allow: ['*'], deny: [], allow_ip_literals: true };
  await sendStateAsBot(office, roomId, 'm.room.server_acl', content);
  await waitUntil('the repair of the server ACL', async () => {
    const { 'm.room.server_acl': acl } = await contents('room/wache/dienst');
    return JSON.stringify(acl).includes('*') ? undefined : true;
  });
  await waitUntil('the audit row of the repair', async () =>
    (await actionsOfAudit()).includes('drift.repaired') ? true : undefined,
  );
});

test('an appservice that lost its database finds its rooms again and creates none twice', async () => {
  const rooms = await inventory();
  const before = office.countEvents();
  await office.loseDatabase();
  expect(await inventory()).toEqual(rooms);
  expect(office.countEvents()).toBe(before);
  expect(await actionsOfAudit()).toContain('room.adopted');
});

test('a second rename that names the second id loses no room: the plan is refused and says what to write', async () => {
  const { parts } = office.appservice();
  const declared = await readFile(office.bodyPath, 'utf8');
  const rooms = await inventory();
  const planOfRename = async (id: string, previously: string): Promise<PlanSummary> => {
    const renamed = declared.replace('{ id: streife,', `{ id: ${id}, previously: ${previously},`);
    await writeFile(office.bodyPath, renamed.replaceAll('unit: streife', `unit: ${id}`));
    return waitingPlan();
  };
  const first = await planOfRename('posten', 'streife');
  await parts.provisioner.approve(first.digest, approver);
  await untilApplied(first.digest);
  const second = await planOfRename('posten-eins', 'posten');
  expect(second).toMatchObject({ applyable: false, refusals: [{ gate: 'renamed-twice' }] });
  expect(second.refusals[0]?.message).toContain('Write "previously: streife".');
  expect(await parts.provisioner.approve(second.digest, approver)).toBe('plan.refused');
  await writeFile(office.bodyPath, declared);
  const back = await waitUntil('the plan of the way back', async () => {
    const plan = await waitingPlan();
    return plan.digest === second.digest ? undefined : plan;
  });
  await parts.provisioner.approve(back.digest, approver);
  await untilApplied(back.digest);
  expect(await inventory()).toEqual(rooms);
});

describe('when the directory delivers half of its people', () => {
  const names = Array.from({ length: 16 }, (_, index) => `kollege.${index + 1}`);
  const userOf = (name: string): string => `@${name}:polizei.hessen.test`;
  const withPeople = (people: readonly string[]): string => {
    const lines = people.map((name) => `  - { id: ${name}, name: Kollege, unit: streife }\n`);
    return body.replace('announcers:', `${lines.join('')}announcers:`);
  };
  let refused: PlanSummary;

  beforeAll(async () => {
    await writeFile(office.bodyPath, withPeople(names));
    const { parts } = office.appservice();
    const { digest } = await waitingPlan();
    expect(await parts.provisioner.approve(digest, approver)).toMatchObject({ state: 'applying' });
    await untilApplied(digest);
    await writeFile(office.bodyPath, withPeople(names.slice(0, names.length / 2)));
    refused = await waitingPlan();
  });

  test('nobody is kicked, whoever approves, and the audit says which gate stood in the way', async () => {
    const { parts, store } = office.appservice();
    const before = office.countEvents();
    expect(refused).toMatchObject({ errored: true, applyable: false });
    expect(refused.refusals[0]?.message).toMatch(/^\d+ of \d+ memberships would be removed/);
    expect(await parts.provisioner.approve(refused.digest, approver)).toBe('plan.refused');
    expect(office.countEvents()).toBe(before);
    expect(await membersOf('room/wache/streife')).toEqual(expect.arrayContaining(names.map(userOf)));
    expect((await listPlans(store.db)).find(({ digest }) => digest === refused.digest)?.state).toBe(
      'awaiting-approval',
    );
    expect(await refusalsInAudit(refused.digest)).toEqual([
      { actor: bot, gates: ['mass-removal'] },
      { actor: approver, gates: ['mass-removal'] },
    ]);
  });

  test('the same refusal is noted once, however often the sweep finds it', async () => {
    const before = await refusalsInAudit(refused.digest);
    await office.appservice().parts.provisioner.reconcile();
    await office.appservice().parts.provisioner.reconcile();
    expect(await refusalsInAudit(refused.digest)).toEqual(before);
  });
});

test('the audit trail is whole', async () => {
  expect(await verifyAudit(office.appservice().store.db)).toMatchObject({ firstBadSequence: null });
});
