/** Moderators remove messages and people through the API, on a real homeserver. */
import { expect, test } from 'vitest';
import { createSessions } from '#appservice/http/api/session/sessions.ts';
import type { UserId } from '#contract/ids.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { sendMessageAs } from '#test/harness/behind-the-back.ts';
import { anna, moderate, mona, useModeratedPatrol } from './moderated-patrol.ts';

const patrol = useModeratedPatrol();

async function moderateAs(person: UserId, act: string, content: unknown): Promise<number> {
  const token = await createSessions(patrol.office.appservice().store.db, () => Date.now()).open(person);
  return moderate(patrol, token, act, content);
}

test('a moderator removes a message; somebody else does not', async () => {
  const { office, room } = patrol;
  const eventId = await sendMessageAs(office, anna, room, 'unflätig');
  expect(await moderateAs(anna, 'redactions', { eventId, reason: 'war ich nicht' })).toBe(403);
  expect(office.isRedacted(eventId)).toBe(false);
  expect(await moderateAs(mona, 'redactions', { eventId, reason: 'Beleidigung' })).toBe(204);
  expect(office.isRedacted(eventId)).toBe(true);
});

test('a person who was put out stays out although the declaration names them, until a moderator readmits them', async () => {
  const { office, room } = patrol;
  expect(await moderateAs(mona, 'removals', { userId: anna, reason: 'Drohung' })).toBe(204);
  expect(office.membershipOf(room, anna)).toBe('ban');
  const { parts } = office.appservice();
  await parts.provisioner.reconcile();
  expect(office.membershipOf(room, anna)).toBe('ban');

  await parts.connection.homeserver.unban(room, anna, 'ohne Moderation');
  await waitUntil('the renewed removal', () => (office.membershipOf(room, anna) === 'ban' ? true : undefined));

  expect(await moderateAs(mona, 'readmissions', { userId: anna, reason: 'geklärt' })).toBe(204);
  await waitUntil('the return of the person', () => (office.membershipOf(room, anna) === 'join' ? true : undefined));
});

test('what is no message of the room is not removed: neither its server ACL nor something that is not there', async () => {
  const { office, room } = patrol;
  const { homeserver } = office.appservice().parts.connection;
  const acl = (await homeserver.readState(room)).find(({ type }) => type === 'm.room.server_acl');
  for (const eventId of [acl?.event_id, `$${'x'.repeat(43)}`]) {
    expect(await moderateAs(mona, 'redactions', { eventId, reason: 'Beleidigung' })).toBe(409);
  }
  expect(office.isRedacted(String(acl?.event_id))).toBe(false);
});

test('an act without a reason is refused', async () => {
  const { office, room } = patrol;
  expect(await moderateAs(mona, 'removals', { userId: anna, reason: ' ' })).toBe(400);
  expect(office.membershipOf(room, anna)).toBe('join');
});
