/**
 * Who leaves and who moves (W57, W58): who is gone from the directory, and whose account was closed, has nothing left
 * within a minute, and comes back into nothing while it is closed; who moves is never in both places. (That the devices of somebody who left get no key of what is said
 * afterwards: encryption/messages.test.ts.)
 */
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { listDrift } from '#appservice/apply/drift-records.ts';
import { listPlans } from '#appservice/apply/plan-records.ts';
import { readConfig } from '#appservice/config.ts';
import { userIdSchema, type UserId } from '#contract/ids.ts';
import { accepted } from '#test/harness/matrix/rooms.ts';
import { signIn, type MatrixSession } from '#test/harness/matrix/session.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { openOperator, type Operator } from './operator.ts';
import { startSmallOffice, type SmallOffice } from './small-office.ts';

const personOf = (name: string): UserId => userIdSchema.parse(`@${name}:polizei.hessen.test`);
const approver = personOf('lena.leitung');
const leaver = personOf('anna.abschied');
const mover = personOf('clara.umzug');
const closed = personOf('paul.pause');

const line = (person: string, unit: string): string => `  - { id: ${person}, name: Mensch, unit: ${unit} }\n`;
const body = `
id: wache
short: Wache
name: Polizeiwache
server: polizei.hessen.test
units: [{ id: dienst, name: Dienst }, { id: streife, name: Streife }]
people:
  - { id: lena.leitung, name: Lena Leitung, roles: [approver] }
  - { id: doris.dienst, name: Doris Dienst, unit: dienst }
  - { id: stefan.streife, name: Stefan Streife, unit: streife }
${line('anna.abschied', 'dienst')}${line('clara.umzug', 'dienst')}${line('paul.pause', 'dienst')}
announcers: [{ person: lena.leitung }]
`;

let office: SmallOffice;
let operator: Operator;

beforeAll(async () => {
  office = await startSmallOffice(body);
  operator = await openOperator(office, [leaver, mover, closed], personOf('landbote'));
});
afterAll(() => office.stop());

async function signInAs(person: UserId): Promise<MatrixSession> {
  const { homeserverUrl } = await readConfig(office.configPath);
  return signIn(homeserverUrl, person, operator.passwordOf(person));
}

async function joinedRooms(session: MatrixSession): Promise<readonly string[]> {
  const answer = accepted(await session.request('GET', '/v3/joined_rooms'));
  return z
    .object({ joined_rooms: z.array(z.string()) })
    .parse(answer)
    .joined_rooms.toSorted();
}

/** Changes the declaration, and has the plan approved and carried out. */
async function redeclare(before: string, after: string): Promise<void> {
  const { store, parts } = office.appservice();
  const declared = await readFile(office.bodyPath, 'utf8');
  expect(declared).toContain(before);
  await writeFile(office.bodyPath, declared.replace(before, after));
  const { digest } = await waitUntil('the plan of the changed declaration', async () =>
    (await listPlans(store.db)).find(({ state }) => state === 'awaiting-approval'),
  );
  await parts.provisioner.approve(digest, approver);
  await waitUntil('the end of its run', async () =>
    (await listPlans(store.db)).find((plan) => plan.digest === digest && plan.state === 'applied'),
  );
}

const roomsOf = (person: UserId): readonly string[] =>
  office.roomIds().filter((roomId) => office.membershipOf(roomId, person) === 'join');

async function expectNothingLeft(person: UserId, session: MatrixSession): Promise<void> {
  await waitUntil(`the last room of ${person}`, () => (roomsOf(person).length === 0 ? true : undefined));
  const { status, body: answer } = await session.request('GET', '/v3/joined_rooms');
  expect([status, answer]).toMatchObject([401, { errcode: 'M_UNKNOWN_TOKEN' }]);
  expect(await operator.countDevices(person)).toBe(0);
  await expect(signInAs(person)).rejects.toThrow(/cannot sign in: 403/);
}

const minuteMs = 60_000;

test('who is gone from the directory, with the account closed, has nothing left within a minute', async () => {
  const session = await signInAs(leaver);
  const rooms = await joinedRooms(session);
  expect(rooms).toContain(await office.roomAt('room/wache/dienst'));
  const startedAt = performance.now();
  await redeclare(line('anna.abschied', 'dienst'), '');
  expect(await joinedRooms(session)).toEqual([]);
  await operator.close(leaver);
  await expectNothingLeft(leaver, session);
  expect(performance.now() - startedAt).toBeLessThan(minuteMs);
});

test('who moves is in exactly the new rooms, and was out of the old ones before', async () => {
  const session = await signInAs(mover);
  const [oldRoom, newRoom] = [await office.roomAt('room/wache/dienst'), await office.roomAt('room/wache/streife')];
  const before = await joinedRooms(session);
  const known = office.membershipsOf(mover).length;
  await redeclare(line('clara.umzug', 'dienst'), line('clara.umzug', 'streife'));
  const expected = roomsOf(personOf('stefan.streife')).toSorted();
  expect(await joinedRooms(session)).toEqual(expected);
  expect([before.includes(oldRoom), expected.includes(oldRoom), expected.includes(newRoom)]).toEqual([
    true,
    false,
    true,
  ]);
  const changes = office.membershipsOf(mover).slice(known);
  const left = changes.findLastIndex(({ membership }) => membership === 'leave');
  const entered = changes.findIndex(({ membership }) => membership === 'join');
  expect([left >= 0, entered > left]).toEqual([true, true]);
});

/** How the last look at everything ended, with what is reported about a person. */
async function lookAtEverything(person: UserId) {
  const { parts, store } = office.appservice();
  const { applied, failed } = await parts.provisioner.reconcile();
  const { differences } = await listDrift(store.db);
  return { applied, failed, reports: differences.filter(({ address }) => address === person) };
}

test('whose account is closed while the declaration still names them comes back into no room, and that is reported', async () => {
  expect(roomsOf(closed)).toContain(await office.roomAt('room/wache/dienst'));
  await operator.close(closed);
  await waitUntil('the last room of the closed account', () => (roomsOf(closed).length === 0 ? true : undefined));
  const known = office.membershipsOf(closed).length;
  const report = {
    kind: 'ClosedAccount',
    found: 'closed',
    declared: 'open',
    remedy: expect.stringContaining('Reactivate the account'),
  };
  // The first one signs the rosters that no look at a single room has signed meanwhile.
  expect(await lookAtEverything(closed)).toMatchObject({ failed: 0, reports: [report] });
  expect(await lookAtEverything(closed)).toMatchObject({ applied: 0, failed: 0, reports: [report] });
  expect(office.membershipsOf(closed).slice(known)).toEqual([]);
});
