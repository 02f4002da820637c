/**
 * The end of a joint room, whoever brings it about. What the owner's homeserver hands over is read from its delivery ledger
 * and, independently, from what the other homeserver's own log says that it received.
 */
import { beforeAll, expect, test } from 'vitest';
import type { AgreementView } from '#contract/agreement.ts';
import { botOf, type EventId, type RoomId } from '#contract/ids.ts';
import { buildEvent } from '#test/harness/federation/event.ts';
import { sendFederationRequest } from '#test/harness/federation/federation-client.ts';
import { draftEvent, draftMembership, knowRoom } from '#test/harness/federation/known-room.ts';
import { readMessages, roomPath, sendText } from '#test/harness/matrix/rooms.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { get, transaction } from '../doors/door.ts';
import { inviting } from '../doors/sending.ts';
import { runningHomeserver } from '../running-stack.ts';
import { agree, consent, endBy, invitationsOf, propose, untilPhase, untilTogether } from './agreeing.ts';
import { createEventOf, eventsOf, handedOver, received, refusal } from './evidence.ts';
import { clerk, firstOfficer, land, landApprover, patrol, police, secondOfficer } from './two-organisations.ts';
import { useTwoDomains } from './use-two-domains.ts';

const twoDomains = useTwoDomains();

/** Long enough for four people to agree on a busy machine; meanwhile the other tests run. */
const timedMs = 40_000;
let timed: AgreementView;
beforeAll(async () => {
  const endsAt = new Date(Date.now() + timedMs).toISOString();
  timed = await agree(twoDomains(), { name: 'Auf Zeit', endsAt });
  await untilTogether(twoDomains(), timed, [clerk, patrol]);
});

async function saidTogether(text: string, room: RoomId): Promise<EventId> {
  const domains = twoDomains();
  const eventId = await sendText(await domains.matrix(clerk), room, text);
  await waitUntil(`“${text}” at the police`, async () =>
    (await readMessages(await domains.matrix(patrol), room)).find(({ event_id: id }) => id === eventId),
  );
  return eventId;
}

test('the owner ends it alone: the other side is out, the ACL is shut, and not one event after the last kick is handed over', async () => {
  const domains = twoDomains();
  const agreed = await agree(domains, { name: 'Ende durch das Land' });
  const room = await untilTogether(domains, agreed, [clerk, patrol]);
  const before = await saidTogether('Pegel fällt', room);
  await endBy(domains, landApprover, agreed);
  await untilPhase(domains, landApprover, agreed.terms.id, 'over');
  await untilPhase(domains, firstOfficer, agreed.terms.id, 'over');
  // What comes later, in another room, has arrived: so would what was held back.
  const next = await untilTogether(domains, await agree(domains, { name: 'Danach' }), [clerk, patrol]);
  const sentinel = await saidTogether('Neuer Einsatz', next);
  const events = eventsOf(domains, room);
  const lastKick = events.findLastIndex(({ type, state_key: key }) => type === 'm.room.member' && key === patrol);
  const after = events.slice(lastKick + 1);
  expect(after.map(({ type }) => type)).toContain('m.room.server_acl');
  for (const reach of [handedOver, received]) {
    const reached = await reach(domains, room);
    expect(reached).toEqual(expect.arrayContaining([before, events[lastKick]?.event_id]));
    expect(after.filter(({ event_id: id }) => reached.includes(id))).toEqual([]);
    expect(await reach(domains, next)).toContain(sentinel);
  }
});

test('after its end the partner’s homeserver neither reads what it knew of nor is heard', async () => {
  const domains = twoDomains();
  const agreed = await agree(domains, { name: 'Nach dem Ende' });
  const room = await untilTogether(domains, agreed, [clerk, patrol]);
  const session = await domains.matrix(clerk);
  const read = async (id: EventId) => (await domains.knockAsPolice(get(`/v1/event/${encodeURIComponent(id)}`))).status;
  const shared = await sendText(session, room, 'noch gemeinsam');
  expect(await read(shared)).toBe(200);
  const before = await knowRoom(session, room);

  await endBy(domains, landApprover, agreed);
  await untilPhase(domains, landApprover, agreed.terms.id, 'over');
  expect(await read(shared)).toBe(403);
  const content = { msgtype: 'm.text', body: 'nachgeschoben' };
  const late = buildEvent(draftEvent(before, patrol, 'm.room.message', content), domains.policeSigner);
  const { body } = await domains.knockAsPolice(transaction(domains.policeSigner, { pdus: [late.pdu] }));
  expect(JSON.stringify(body)).toContain('Server is banned from room');
});

test('the partner ends it alone, also while the owner is away', async () => {
  const domains = twoDomains();
  const agreed = await agree(domains, { name: 'Ende durch die Polizei' });
  const room = await untilTogether(domains, agreed, [clerk, patrol]);
  await domains.stack.stopProcess(`synapse ${land}`);
  try {
    await endBy(domains, secondOfficer, agreed);
    await untilPhase(domains, firstOfficer, agreed.terms.id, 'over');
    const joined = await (await domains.matrix(patrol)).request('GET', '/v3/joined_rooms');
    expect(JSON.stringify(joined.body)).not.toContain(room);
  } finally {
    await domains.stack.startProcess(`synapse ${land}`);
  }
  const ended = await untilPhase(domains, landApprover, agreed.terms.id, 'over');
  expect(ended.end?.by).toBe('polizei');
  expect(await invitationsOf(domains, patrol)).not.toContain(room);
});

test('after the end the partner refuses further invitations, whatever the owner’s server signs, and joins of its own people', async () => {
  const domains = twoDomains();
  const agreed = await agree(domains, { name: 'Gesperrt' });
  const room = await untilTogether(domains, agreed, [clerk, patrol]);
  const known = await knowRoom(await domains.matrix(clerk), room);
  await endBy(domains, secondOfficer, agreed);
  await untilPhase(domains, firstOfficer, agreed.terms.id, 'over');
  const { signer } = await runningHomeserver(domains.stack.file, land);
  const invitation = buildEvent(draftMembership(known, botOf(land), patrol, 'invite'), signer);
  const request = inviting({ roomId: room, create: createEventOf(domains, room), invitation });
  const { target } = await runningHomeserver(domains.stack.file, police);
  expect((await sendFederationRequest(request, signer, target)).status).toBe(403);
  const joining = await (await domains.matrix(patrol)).request('POST', roomPath(room, 'join'), {});
  expect(joining.status).toBe(403);
  await refusal(domains, room, botOf(land), 'invite.sister-bot-only');
  await refusal(domains, room, patrol, 'join.not-agreed');
});

test('declined, it opens nothing', async () => {
  const domains = twoDomains();
  const proposed = await propose(domains, { name: 'Abgelehnt' });
  await consent(domains, landApprover, proposed);
  await untilPhase(domains, firstOfficer, proposed.terms.id, 'received');
  await endBy(domains, firstOfficer, proposed);
  const ended = await untilPhase(domains, landApprover, proposed.terms.id, 'over');
  expect([ended.room, ended.partnerPeople]).toEqual([null, []]);
});

test('the end date ends it by itself', async () => {
  const ended = await untilPhase(twoDomains(), landApprover, timed.terms.id, 'over', timedMs + 15_000);
  expect(ended.end).toEqual({ by: 'end-date', at: timed.terms.endsAt, reason: '' });
});
