/** Many memberships at once, on a homeserver of its own that the appservice reaches as in production. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { userIdSchema, type RoomId, type UserId } from '#contract/ids.ts';
import type { Homeserver } from '#appservice/matrix/ports.ts';
import { readInventory } from '#appservice/apply/inventory.ts';
import { requestLogPath } from '../../synapse-config/homeserver/log-config.ts';
import { membershipsPath } from '../../synapse-config/homeserver/memberships-endpoint.ts';
import { startSmallOffice, type SmallOffice } from './small-office.ts';

const crowd = Array.from({ length: 60 }, (_, index) => `kollege.${index + 1}`);
const userIds = crowd.map((name) => userIdSchema.parse(`@${name}:polizei.hessen.test`));

const body = `
id: wache
short: W
name: Wache
server: polizei.hessen.test
units:
  - { id: streife, name: Streife }
people:
${crowd.map((name) => `  - { id: ${name}, name: ${name}, unit: streife }\n`).join('')}
announcers: [{ body: wache }]
`;

let office: SmallOffice;
beforeAll(async () => {
  office = await startSmallOffice(body);
});
afterAll(() => office.stop());

function homeserver(): Homeserver {
  return office.appservice().parts.connection.homeserver;
}

async function createRoom(): Promise<RoomId> {
  return homeserver().createRoom({
    room_version: '12',
    visibility: 'private',
    preset: 'private_chat',
    invite: [],
    creation_content: { 'm.federate': false },
    initial_state: [{ type: 'm.room.join_rules', state_key: '', content: { join_rule: 'invite' } }],
  });
}

async function bringTogether(roomId: RoomId, people: readonly UserId[]): Promise<ReadonlySet<UserId>> {
  const { joinTogether } = homeserver();
  if (joinTogether === null) throw new Error('The appservice knows of no way to join many at once.');
  return joinTogether(roomId, people);
}

async function bringSingly(roomId: RoomId, people: readonly UserId[]): Promise<void> {
  for (const person of people) {
    await homeserver().invite(roomId, person);
    await homeserver().joinAs(person, roomId, []);
  }
}

/** Everything but what differs from room to room anyway. */
function comparableState(roomId: RoomId): unknown[] {
  return office
    .stateOf(roomId)
    .map(({ type, stateKey, content }) => ({ type, stateKey, content }))
    .toSorted((one, other) => `${one.type} ${one.stateKey}`.localeCompare(`${other.type} ${other.stateKey}`));
}

test('the declared people are in their room, and no single change failed', async () => {
  const { store } = office.appservice();
  const roomId = (await readInventory(store.db)).get('room/wache/streife');
  if (roomId === undefined) throw new Error('The room was not created.');
  const members = office.stateOf(roomId).filter(({ type, content }) => {
    return type === 'm.room.member' && content['membership'] === 'join';
  });
  expect(members.map(({ stateKey }) => stateKey)).toEqual(expect.arrayContaining(userIds));
  const failed = await store.db.selectFrom('audit').selectAll().where('action', '=', 'change.failed').execute();
  expect(failed).toEqual([]);
});

test('the declared people came in groups, and nobody was joined singly', async () => {
  const requests = await readFile(requestLogPath(join(dirname(office.configPath), '..', 'homeserver', 'logs')), 'utf8');
  expect(requests).toContain(membershipsPath);
  expect(requests).not.toContain('/_matrix/client/v3/join/');
});

test('a second run writes no event', async () => {
  const before = office.countEvents();
  await office.appservice().parts.provisioner.reconcile();
  expect(office.countEvents()).toBe(before);
});

test('the state is that of single joins, event for event', async () => {
  const people = userIds.slice(0, 12);
  const [together, singly] = [await createRoom(), await createRoom()];
  expect(await bringTogether(together, people)).toEqual(new Set(people));
  await bringSingly(singly, people);
  expect(comparableState(together)).toEqual(comparableState(singly));
});

test('a repetition answers the same and writes no event', async () => {
  const roomId = await createRoom();
  const first = await bringTogether(roomId, userIds);
  const before = office.countEvents();
  expect(await bringTogether(roomId, userIds)).toEqual(first);
  expect(office.countEvents()).toBe(before);
});

test('joining together is at least twice as fast as joining singly', async () => {
  const [together, singly] = [await createRoom(), await createRoom()];
  const begun = performance.now();
  await bringTogether(together, userIds);
  const between = performance.now();
  const people = userIds.slice(0, 15);
  await bringSingly(singly, people);
  const rates = {
    together: userIds.length / (between - begun),
    singly: people.length / (performance.now() - between),
  };
  expect(rates.together / rates.singly).toBeGreaterThan(2);
});
