/**
 * The operator of a homeserver slips somebody into a room and writes rosters of his own. Real Synapse, real appservice,
 * real engines.
 */
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readInventory } from '#appservice/apply/inventory.ts';
import { readConfig } from '#appservice/config.ts';
import { createRosterSeal } from '#appservice/roster/roster-seal.ts';
import { createTestSeal } from '#appservice/roster/test-seal.ts';
import { userIdSchema, type RoomId, type UserId } from '#contract/ids.ts';
import { rosterEventType } from '#contract/roster.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { publicKeyOf } from '../../../synapse-config/homeserver/ed25519-key.ts';
import { HeadlessClient } from '../headless-client.ts';
import { openOperator, type Operator } from '../../office/operator.ts';
import { startSmallOffice, type SmallOffice } from '../../office/small-office.ts';

const userId = (name: string): UserId => userIdSchema.parse(`@${name}:polizei.hessen.test`);
const [anna, ben, eve] = [userId('anna.dienst'), userId('ben.dienst'), userId('eve.dienst')];
const bot = userId('landbote');
/** Eve belongs to the office, and so to its announcements; not to the patrol. */
const body = `
id: wache
short: Wache
name: Polizeiwache
server: polizei.hessen.test
units: [{ id: streife, name: Streife }, { id: labor, name: Labor }]
people:
  - { id: anna.dienst, name: Anna Dienst, unit: streife }
  - { id: ben.dienst, name: Ben Dienst, unit: streife }
  - { id: eve.dienst, name: Eve Dienst, unit: labor }
announcers: [{ person: anna.dienst }]
`;

let office: SmallOffice;
let operator: Operator;
let privateKey: string;
let patrol: RoomId;
let announcements: RoomId;
const clients: HeadlessClient[] = [];

beforeAll(async () => {
  office = await startSmallOffice(body);
  operator = await openOperator(office, [anna, ben, eve], bot);
  privateKey = await readFile((await readConfig(office.configPath)).rosterKeyPath, 'utf8');
  const rooms = await readInventory(office.appservice().store.db);
  [patrol, announcements] = [roomIn(rooms, 'room/wache/streife'), roomIn(rooms, 'room/wache')];
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.signOut()));
  await office.stop();
});

function roomIn(rooms: ReadonlyMap<string, RoomId>, address: string): RoomId {
  const roomId = rooms.get(address);
  if (roomId === undefined) throw new Error(`there is no room ${address}`);
  return roomId;
}

/** The person's next device, with the patrol's room open if it is theirs. */
async function clientOf(person: UserId): Promise<HeadlessClient> {
  const { homeserverUrl, serverName } = await readConfig(office.configPath);
  const appserviceUrl = `http://127.0.0.1:${office.appservice().ports.api}`;
  const domain = { serverName, clientApiUrl: homeserverUrl, appserviceUrl, rosterKeys: [publicKeyOf(privateKey)] };
  const account = { userId: person, password: operator.passwordOf(person) };
  const client = await HeadlessClient.signIn(domain, account);
  clients.push(client);
  await client.secure(account);
  return client;
}

async function openedBy(person: UserId, roomId: RoomId): Promise<HeadlessClient> {
  const client = await clientOf(person);
  await waitUntil('the room', () => client.rooms.find((room) => room.roomId === roomId));
  await client.open(roomId);
  return client;
}

const membershipOf = (person: UserId): unknown =>
  office.stateOf(patrol).find((event) => event.type === 'm.room.member' && event.stateKey === person)?.content[
    'membership'
  ];

async function removalsOf(person: UserId): Promise<number> {
  const rows = await office
    .appservice()
    .store.db.selectFrom('audit')
    .select('detail')
    .where('action', '=', 'drift.repaired')
    .execute();
  const details = rows.map(({ detail }) => JSON.parse(detail));
  return details.filter((detail) => detail.kind === 'Kick' && detail.userId === person).length;
}

/** Waits until the device shows the message, and says how. */
async function seen(client: HeadlessClient, eventId: string): Promise<string> {
  const item = await client.shows(
    `the event ${eventId}`,
    (each) => each.eventId === eventId && each.body.kind !== 'pending',
  );
  return item.body.kind;
}

async function sent(client: HeadlessClient, roomId: RoomId, text: string): Promise<string> {
  const itemId = client.send(roomId, text);
  const item = await client.shows(`“${text}”, sent`, ({ id, eventId }) => id === itemId && eventId !== '');
  return item.eventId;
}

test('who is slipped into a room while the appservice is away reads nothing, is named, and is removed when it is back', async () => {
  const [annas, bens, eves] = [await openedBy(anna, patrol), await openedBy(ben, patrol), await clientOf(eve)];
  await office.stopAppservice();
  await operator.slipIn(eve, patrol, true);
  await waitUntil('Eve in the room', () =>
    eves.rooms.find(({ roomId, membership }) => roomId === patrol && membership === 'join'),
  );
  await eves.open(patrol);

  const secret = await sent(annas, patrol, 'Zugriff um sechs');
  await bens.showsText('Zugriff um sechs');
  expect(await seen(eves, secret)).toBe('unreadable');
  // The same device gets keys where Eve belongs; had it got one for the patrol, that would have come before.
  await annas.open(announcements);
  await sent(annas, announcements, 'Kantine geschlossen');
  await eves.open(announcements);
  await eves.showsText('Kantine geschlossen');
  await eves.open(patrol);
  expect(await seen(eves, secret)).toBe('unreadable');

  await annas.open(patrol);
  await waitUntil('the warning', () => (annas.roster.strangerIds.includes(eve) ? true : undefined), 60_000);
  expect(annas.updates.findLast((update) => update.type === 'members')?.members).toContainEqual(
    expect.objectContaining({ userId: eve, isStranger: true }),
  );
  await office.startAppservice();
  await waitUntil('the removal', () => (membershipOf(eve) === 'leave' ? true : undefined));
  expect(await removalsOf(eve)).toBe(1);
  await waitUntil('the end of the warning', () => (annas.roster.strangerIds.length === 0 ? true : undefined));
}, 180_000);

test('while the appservice is there, who is slipped in is removed within five seconds, with a row in the audit trail', async () => {
  const before = await removalsOf(eve);
  await operator.slipIn(eve, patrol, false);
  await waitUntil('the removal', () => (membershipOf(eve) === 'leave' ? true : undefined), 5_000);
  await waitUntil('its row', async () => ((await removalsOf(eve)) === before + 1 ? true : undefined));
});

test('an older roster with somebody who has left, a forged one and none at all bring nobody in', async () => {
  const annas = await openedBy(anna, patrol);
  await sent(annas, patrol, 'Übung beendet');
  const eves = await clientOf(eve);
  await office.stopAppservice();
  await operator.slipIn(eve, patrol, true);
  await waitUntil('Eve in the room', () =>
    eves.rooms.find(({ roomId, membership }) => roomId === patrol && membership === 'join'),
  );
  await eves.open(patrol);

  const yesterday = (): number => Date.now() - 24 * 60 * 60 * 1000;
  const older = createRosterSeal(createPrivateKey(privateKey), yesterday).seal(patrol, [anna, ben, eve]);
  const forged = createTestSeal().seal(patrol, [anna, ben, eve]);
  for (const content of [older[0]?.content, forged[0]?.content, {}]) {
    await operator.publish(patrol, rosterEventType, '0', content ?? {});
    const secret = await sent(annas, patrol, `vertraulich ${crypto.randomUUID()}`);
    expect(await seen(eves, secret)).toBe('unreadable');
  }

  // A device that has never seen the genuine roster sends nothing, and says so, until there is one again.
  const bens = await openedBy(ben, patrol);
  await waitUntil('the lock', () => (bens.roster.problem === 'missing' ? true : undefined));
  const itemId = bens.send(patrol, 'Bin unterwegs');
  await bens.shows(
    'the failure',
    ({ id, sending }) => id === itemId && sending.state === 'failed' && sending.problem === 'no-roster',
  );
  await office.startAppservice();
  await annas.showsText('Bin unterwegs');
  expect(bens.roster.problem).toBeNull();
  expect(membershipOf(eve)).toBe('leave');
}, 180_000);
