/** A joint room of ministries and police: opened by four people, for exactly the named ones. */
import { expect, test } from 'vitest';
import type { UserId } from '#contract/ids.ts';
import { readMessages, readState, roomPath, sendText } from '#test/harness/matrix/rooms.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { agree, consent, invitationsOf, propose, refusedSchema, untilPhase, untilTogether } from './agreeing.ts';
import {
  clerk,
  firstOfficer,
  land,
  landApprover,
  otherPatrol,
  outsideClerk,
  patrol,
  police,
  proposer,
} from './two-organisations.ts';
import { useTwoDomains } from './use-two-domains.ts';

const twoDomains = useTwoDomains();

test('four people open a room in which exactly the named people of both sides read each other', async () => {
  const domains = twoDomains();
  const agreed = await agree(domains);
  const room = await untilTogether(domains, agreed, [clerk, patrol]);
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
  expect(await invitationsOf(domains, otherPatrol)).toEqual([]);
});

test('nothing reaches the other side before a second person of the own side has consented', async () => {
  const domains = twoDomains();
  const alone = await propose(domains, { name: 'Allein' });
  const both = await propose(domains, { name: 'Zu zweit' });
  await consent(domains, landApprover, both);
  // What came later has arrived, so what was first would have.
  await untilPhase(domains, firstOfficer, both.terms.id, 'received');
  const listed = await (await domains.api(firstOfficer)).request('GET', '/agreements');
  expect(JSON.stringify(listed.body)).not.toContain(alone.terms.id);
});

test('who proposed may not consent, nor anybody twice, nor to other terms', async () => {
  const domains = twoDomains();
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
  const domains = twoDomains();
  const room = await untilTogether(domains, await agree(domains, { name: 'Geschlossen' }), [clerk, patrol]);
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
