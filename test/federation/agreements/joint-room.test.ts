/** A joint room of ministries and police: opened by four people, for exactly the named ones, and closed by either side. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { AgreementView } from '#contract/agreement.ts';
import { botOf, roomIdSchema, type EventId, type RoomId, type UserId } from '#contract/ids.ts';
import { buildEvent } from '#test/harness/federation/event.ts';
import { draftEvent, knowRoom } from '#test/harness/federation/known-room.ts';
import { joinedMembers, readMessages, readState, roomPath, sendText } from '#test/harness/matrix/rooms.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { get, transaction } from '../doors/door.ts';
import {
  agree,
  clerk,
  consent,
  firstOfficer,
  land,
  landApprover,
  otherPatrol,
  outsideClerk,
  patrol,
  police,
  propose,
  proposer,
  refusedSchema,
  secondOfficer,
  startTwoDomains,
  untilKeysAreConfirmed,
  untilPhase,
  type TwoDomains,
} from './two-domains.ts';

let domains: TwoDomains;
beforeAll(async () => {
  domains = await startTwoDomains();
  await untilKeysAreConfirmed(domains, [landApprover, firstOfficer]);
}, 400_000);
afterAll(() => domains.stop());

const bot = botOf(land);

/** The room's id, once `people` are in it. */
async function untilTogether({ terms }: AgreementView, people: readonly UserId[]): Promise<RoomId> {
  const session = await domains.matrix(clerk);
  return waitUntil(`${people.join(', ')} in the joint room`, async () => {
    const { room } = await untilPhase(domains, landApprover, terms.id, 'open');
    if (room === null) return undefined;
    const state = await readState(session, room).catch(() => []);
    const members = joinedMembers(state).filter((member) => member !== bot);
    return JSON.stringify(members.toSorted()) === JSON.stringify(people.toSorted()) ? room : undefined;
  });
}

async function invitationsOf(person: UserId): Promise<readonly RoomId[]> {
  const sync = await (await domains.matrix(person)).request('GET', '/v3/sync?timeout=0');
  const { rooms } = z
    .object({ rooms: z.object({ invite: z.record(z.string(), z.unknown()).default({}) }).default({ invite: {} }) })
    .parse(sync.body);
  return Object.keys(rooms.invite).map((room) => roomIdSchema.parse(room));
}

async function endBy(person: UserId, { terms }: AgreementView): Promise<void> {
  const answer = await (
    await domains.api(person)
  ).request('POST', `/agreements/${terms.id}/end`, { reason: 'Einsatz vorbei' });
  expect(answer.status).toBe(200);
}

test('four people open a room in which exactly the named people of both sides read each other', async () => {
  const agreed = await agree(domains);
  const room = await untilTogether(agreed, [clerk, patrol]);
  const text = await sendText(await domains.matrix(clerk), room, 'Pegel steigt');
  const seen = await waitUntil('the message at the police', async () =>
    (await readMessages(await domains.matrix(patrol), room)).find(({ event_id: id }) => id === text),
  );
  expect(seen.sender).toBe(clerk);
  const state = await readState(await domains.matrix(clerk), room);
  const contentOf = (type: string) => state.find((event) => event.type === type)?.content;
  expect(contentOf('m.room.server_acl')).toMatchObject({ allow: [land, police] });
  expect(contentOf('m.room.encryption')).toBeDefined();
  expect(contentOf('m.room.history_visibility')).toEqual({ history_visibility: 'joined' });
  expect(await invitationsOf(otherPatrol)).toEqual([]);
});

test('nothing reaches the other side before a second person of the own side has consented', async () => {
  const alone = await propose(domains, { name: 'Allein' });
  const both = await propose(domains, { name: 'Zu zweit' });
  await consent(domains, landApprover, both);
  // What came later has arrived, so what was first would have.
  await untilPhase(domains, firstOfficer, both.terms.id, 'received');
  const listed = await (await domains.api(firstOfficer)).request('GET', '/agreements');
  expect(JSON.stringify(listed.body)).not.toContain(alone.terms.id);
});

test('who proposed may not consent, nor anybody twice, nor to other terms', async () => {
  const agreement = await propose(domains, { name: 'Vier Augen' });
  const path = `/agreements/${agreement.terms.id}/consent`;
  const codeOf = async (person: UserId, digest: string): Promise<string> =>
    refusedSchema.parse((await (await domains.api(person)).request('POST', path, { digest })).body).code;
  expect(await codeOf(proposer, agreement.digest)).toBe('role.missing');
  expect(await codeOf(landApprover, 'f'.repeat(64))).toBe('agreement.stale');
  await consent(domains, landApprover, agreement);
  expect(await codeOf(landApprover, agreement.digest)).toBe('agreement.consented-already');
  await untilPhase(domains, firstOfficer, agreement.terms.id, 'received');
  await consent(domains, firstOfficer, agreement);
  expect(await codeOf(firstOfficer, agreement.digest)).toBe('agreement.consented-already');
});

test('neither side’s people can bring anybody else into the room', async () => {
  const room = await untilTogether(await agree(domains, { name: 'Geschlossen' }), [clerk, patrol]);
  for (const [inviter, invitee] of [
    [clerk, outsideClerk],
    [clerk, otherPatrol],
    [patrol, otherPatrol],
    [patrol, outsideClerk],
  ] as const) {
    const answer = await (
      await domains.matrix(inviter)
    ).request('POST', roomPath(room, 'invite'), { user_id: invitee });
    expect([inviter, invitee, answer.status]).toEqual([inviter, invitee, 403]);
  }
  const joining = await (await domains.matrix(otherPatrol)).request('POST', `/v3/join/${encodeURIComponent(room)}`, {});
  expect(joining.status).toBe(403);
});

test('the owner ends it alone: the other side is out, the ACL is shut, and nothing more is handed over', async () => {
  const agreed = await agree(domains, { name: 'Ende durch das Land' });
  const room = await untilTogether(agreed, [clerk, patrol]);
  const patrolSession = await domains.matrix(patrol);
  await endBy(landApprover, agreed);
  await untilPhase(domains, landApprover, agreed.terms.id, 'over');
  await untilPhase(domains, firstOfficer, agreed.terms.id, 'over');
  const events = (await readMessages(patrolSession, room)).map(({ type, state_key: key }) => `${type} ${key ?? ''}`);
  expect(events[0]).toBe(`m.room.member ${patrol}`);
  expect(events).not.toContain('m.room.server_acl ');
  expect(
    (await patrolSession.request('PUT', roomPath(room, 'send/m.room.message/late'), { body: 'x', msgtype: 'm.text' }))
      .status,
  ).toBe(403);
});

test('after its end the partner’s homeserver neither reads what it knew of nor is heard', async () => {
  const agreed = await agree(domains, { name: 'Nach dem Ende' });
  const room = await untilTogether(agreed, [clerk, patrol]);
  const session = await domains.matrix(clerk);
  const read = async (id: EventId) => (await domains.knockAsPolice(get(`/v1/event/${encodeURIComponent(id)}`))).status;
  const shared = await sendText(session, room, 'noch gemeinsam');
  expect(await read(shared)).toBe(200);
  const before = await knowRoom(session, room);

  await endBy(landApprover, agreed);
  await untilPhase(domains, landApprover, agreed.terms.id, 'over');
  expect(await read(shared)).toBe(403);
  const content = { msgtype: 'm.text', body: 'nachgeschoben' };
  const late = buildEvent(draftEvent(before, patrol, 'm.room.message', content), domains.policeSigner);
  const { body } = await domains.knockAsPolice(transaction(domains.policeSigner, { pdus: [late.pdu] }));
  expect(JSON.stringify(body)).toContain('Server is banned from room');
});

test('the partner ends it alone, also while the owner is away', async () => {
  const agreed = await agree(domains, { name: 'Ende durch die Polizei' });
  const room = await untilTogether(agreed, [clerk, patrol]);
  await domains.stack.stopProcess(`synapse ${land}`);
  try {
    await endBy(secondOfficer, agreed);
    await untilPhase(domains, firstOfficer, agreed.terms.id, 'over');
    const joined = await (await domains.matrix(patrol)).request('GET', '/v3/joined_rooms');
    expect(JSON.stringify(joined.body)).not.toContain(room);
  } finally {
    await domains.stack.startProcess(`synapse ${land}`);
  }
  const ended = await untilPhase(domains, landApprover, agreed.terms.id, 'over');
  expect(ended.end?.by).toBe('polizei');
  expect(await invitationsOf(patrol)).not.toContain(room);
});

test('the end date ends it by itself', async () => {
  const endsAt = new Date(Date.now() + 20_000).toISOString();
  const agreed = await agree(domains, { name: 'Auf Zeit', endsAt });
  await untilTogether(agreed, [clerk, patrol]);
  const ended = await untilPhase(domains, landApprover, agreed.terms.id, 'over');
  expect(ended.end).toEqual({ by: 'end-date', at: endsAt, reason: '' });
});

test('declined, it opens nothing', async () => {
  const proposed = await propose(domains, { name: 'Abgelehnt' });
  await consent(domains, landApprover, proposed);
  await untilPhase(domains, firstOfficer, proposed.terms.id, 'received');
  await endBy(firstOfficer, proposed);
  const ended = await untilPhase(domains, landApprover, proposed.terms.id, 'over');
  expect([ended.room, ended.partnerPeople]).toEqual([null, []]);
});
