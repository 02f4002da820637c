/** Moderators remove messages and people through the API, on a real homeserver. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSessions } from '#appservice/http/api/session/sessions.ts';
import { userIdSchema, type RoomId, type UserId } from '#contract/ids.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { sendMessageAs } from '#test/harness/behind-the-back.ts';
import { startSmallOffice, type SmallOffice } from './small-office.ts';

const anna = userIdSchema.parse('@anna.dienst:polizei.hessen.test');
const mona = userIdSchema.parse('@mona.wacht:polizei.hessen.test');
const body = `
id: wache
short: Wache
name: Polizeiwache
server: polizei.hessen.test
units: [{ id: streife, name: Streife }]
people:
  - { id: anna.dienst, name: Anna Dienst, unit: streife }
  - { id: mona.wacht, name: Mona Wacht, roles: [moderator] }
announcers: [{ person: anna.dienst }]
`;

let office: SmallOffice;
let room: RoomId;

beforeAll(async () => {
  office = await startSmallOffice(body);
  room = await office.roomAt('room/wache/streife');
});
afterAll(() => office.stop());

async function moderate(person: UserId, act: string, content: unknown): Promise<number> {
  const { store, ports } = office.appservice();
  const token = await createSessions(store.db, () => Date.now()).open(person);
  const answer = await fetch(`http://127.0.0.1:${ports.api}/api/v1/rooms/${encodeURIComponent(room)}/${act}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(content),
  });
  return answer.status;
}

test('a moderator removes a message; somebody else does not', async () => {
  const eventId = await sendMessageAs(office, anna, room, 'unflätig');
  expect(await moderate(anna, 'redactions', { eventId, reason: 'war ich nicht' })).toBe(403);
  expect(office.isRedacted(eventId)).toBe(false);
  expect(await moderate(mona, 'redactions', { eventId, reason: 'Beleidigung' })).toBe(204);
  expect(office.isRedacted(eventId)).toBe(true);
});

test('a person who was put out stays out although the declaration names them, until a moderator readmits them', async () => {
  expect(await moderate(mona, 'removals', { userId: anna, reason: 'Drohung' })).toBe(204);
  expect(office.membershipOf(room, anna)).toBe('ban');
  const { parts } = office.appservice();
  await parts.provisioner.reconcile();
  expect(office.membershipOf(room, anna)).toBe('ban');

  await parts.connection.homeserver.unban(room, anna, 'ohne Moderation');
  await waitUntil('the renewed removal', () => (office.membershipOf(room, anna) === 'ban' ? true : undefined));

  expect(await moderate(mona, 'readmissions', { userId: anna, reason: 'geklärt' })).toBe(204);
  await waitUntil('the return of the person', () => (office.membershipOf(room, anna) === 'join' ? true : undefined));
});

test('what is no message of the room is not removed: neither its server ACL nor something that is not there', async () => {
  const { homeserver } = office.appservice().parts.connection;
  const acl = (await homeserver.readState(room)).find(({ type }) => type === 'm.room.server_acl');
  for (const eventId of [acl?.event_id, `$${'x'.repeat(43)}`]) {
    expect(await moderate(mona, 'redactions', { eventId, reason: 'Beleidigung' })).toBe(409);
  }
  expect(office.isRedacted(String(acl?.event_id))).toBe(false);
});

test('an act without a reason is refused', async () => {
  expect(await moderate(mona, 'removals', { userId: anna, reason: ' ' })).toBe(400);
  expect(office.membershipOf(room, anna)).toBe('join');
});
