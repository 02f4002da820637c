/**
 * The end of a joint room, whoever brings it about. What the owner's homeserver hands over is read from its delivery ledger
 * and, independently, from what the other homeserver's own log says that it received.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { deliveriesSchema } from '#contract/deliveries.ts';
import { auditRowsSchema, type AuditRow } from '#contract/governance.ts';
import { botOf, eventIdSchema, type EventId, type RoomId, type UserId } from '#contract/ids.ts';
import { buildEvent, type SignedEvent } from '#test/harness/federation/event.ts';
import { sendFederationRequest } from '#test/harness/federation/federation-client.ts';
import { draftEvent, draftMembership, knowRoom } from '#test/harness/federation/known-room.ts';
import { readMessages, roomPath, sendText } from '#test/harness/matrix/rooms.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { get, transaction } from '../doors/door.ts';
import { inviting } from '../doors/sending.ts';
import { runningHomeserver } from '../running-stack.ts';
import {
  agree,
  clerk,
  consent,
  endBy,
  firstOfficer,
  invitationsOf,
  land,
  landApprover,
  patrol,
  police,
  propose,
  proposer,
  readDatabase,
  secondOfficer,
  startTwoDomains,
  untilKeysAreConfirmed,
  untilPhase,
  untilTogether,
  type TwoDomains,
} from './two-domains.ts';

let domains: TwoDomains;
beforeAll(async () => {
  domains = await startTwoDomains();
  await untilKeysAreConfirmed(domains, [landApprover, firstOfficer]);
}, 400_000);
afterAll(() => domains.stop());

const eventSchema = z.object({ event_id: eventIdSchema, type: z.string(), state_key: z.string().nullable() });

/** All events that the owner's homeserver has of a room, in their order. */
function eventsOf(room: RoomId): readonly z.infer<typeof eventSchema>[] {
  const query = 'select event_id, type, state_key from events where room_id = ? order by stream_ordering';
  return z.array(eventSchema).parse(readDatabase(domains, land, query, room));
}

/** Events of a room that the owner's homeserver has handed to the police's, by its delivery ledger. */
async function handedOver(room: RoomId): Promise<readonly string[]> {
  const path = `/deliveries?room=${encodeURIComponent(room)}&server=${police}&limit=1000`;
  const { body } = await (await domains.api(proposer)).request('GET', path);
  return deliveriesSchema.parse(body).deliveries.map(({ event }) => event);
}

/** Events of a room that were pushed to the police's homeserver, by its own log. */
async function received(room: RoomId): Promise<readonly string[]> {
  const { folder } = await runningHomeserver(domains.stack.file, police);
  const log = await readFile(join(folder, 'logs', 'homeserver.log'), 'utf8');
  const line = new RegExp(`received PDU in room ${room}: <Event event_id=(\\$[\\w-]+)`, 'g');
  return [...log.matchAll(line)].flatMap(([, event]) => event ?? []);
}

function createEventOf(room: RoomId): SignedEvent {
  const query = `select event_id, json from event_json join events using (event_id)
    where events.room_id = ? and events.type = 'm.room.create'`;
  const rows = z.tuple([z.object({ event_id: eventIdSchema, json: z.string() })]);
  const [{ event_id: eventId, json }] = rows.parse(readDatabase(domains, land, query, room));
  return { eventId, pdu: z.record(z.string(), z.json()).parse(JSON.parse(json)) };
}

/** Waits until the police's audit trail tells by which rule somebody was refused in a room. */
function refusal(room: RoomId, attacker: UserId, rule: string): Promise<AuditRow> {
  return waitUntil(`${rule} in the audit trail`, async () => {
    const { body } = await (await domains.api(firstOfficer)).request('GET', '/audit?limit=5000');
    const refused = auditRowsSchema.parse(body).rows.filter(({ action }) => action === 'wall.refused');
    return refused.find((row) => row.subject === room && row.actor === attacker && row.detail['rule'] === rule);
  });
}

async function saidTogether(text: string, room: RoomId): Promise<EventId> {
  const eventId = await sendText(await domains.matrix(clerk), room, text);
  await waitUntil(`“${text}” at the police`, async () =>
    (await readMessages(await domains.matrix(patrol), room)).find(({ event_id: id }) => id === eventId),
  );
  return eventId;
}

test('the owner ends it alone: the other side is out, the ACL is shut, and not one event after the last kick is handed over', async () => {
  const agreed = await agree(domains, { name: 'Ende durch das Land' });
  const room = await untilTogether(domains, agreed, [clerk, patrol]);
  const before = await saidTogether('Pegel fällt', room);
  await endBy(domains, landApprover, agreed);
  await untilPhase(domains, landApprover, agreed.terms.id, 'over');
  await untilPhase(domains, firstOfficer, agreed.terms.id, 'over');
  // What comes later, in another room, has arrived: so would what was held back.
  const next = await untilTogether(domains, await agree(domains, { name: 'Danach' }), [clerk, patrol]);
  const sentinel = await saidTogether('Neuer Einsatz', next);
  const events = eventsOf(room);
  const lastKick = events.findLastIndex(({ type, state_key: key }) => type === 'm.room.member' && key === patrol);
  const after = events.slice(lastKick + 1);
  expect(after.map(({ type }) => type)).toContain('m.room.server_acl');
  for (const reach of [handedOver, received]) {
    const reached = await reach(room);
    expect(reached).toEqual(expect.arrayContaining([before, events[lastKick]?.event_id]));
    expect(after.filter(({ event_id: id }) => reached.includes(id))).toEqual([]);
    expect(await reach(next)).toContain(sentinel);
  }
});

test('after its end the partner’s homeserver neither reads what it knew of nor is heard', async () => {
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
  const agreed = await agree(domains, { name: 'Gesperrt' });
  const room = await untilTogether(domains, agreed, [clerk, patrol]);
  const known = await knowRoom(await domains.matrix(clerk), room);
  await endBy(domains, secondOfficer, agreed);
  await untilPhase(domains, firstOfficer, agreed.terms.id, 'over');
  const { signer } = await runningHomeserver(domains.stack.file, land);
  const invitation = buildEvent(draftMembership(known, botOf(land), patrol, 'invite'), signer);
  const request = inviting({ roomId: room, create: createEventOf(room), invitation });
  const { target } = await runningHomeserver(domains.stack.file, police);
  expect((await sendFederationRequest(request, signer, target)).status).toBe(403);
  const joining = await (await domains.matrix(patrol)).request('POST', roomPath(room, 'join'), {});
  expect(joining.status).toBe(403);
  await refusal(room, botOf(land), 'invite.sister-bot-only');
  await refusal(room, patrol, 'join.not-agreed');
});

test('the end date ends it by itself', async () => {
  const endsAt = new Date(Date.now() + 20_000).toISOString();
  const agreed = await agree(domains, { name: 'Auf Zeit', endsAt });
  await untilTogether(domains, agreed, [clerk, patrol]);
  const ended = await untilPhase(domains, landApprover, agreed.terms.id, 'over');
  expect(ended.end).toEqual({ by: 'end-date', at: endsAt, reason: '' });
});

test('declined, it opens nothing', async () => {
  const proposed = await propose(domains, { name: 'Abgelehnt' });
  await consent(domains, landApprover, proposed);
  await untilPhase(domains, firstOfficer, proposed.terms.id, 'received');
  await endBy(domains, firstOfficer, proposed);
  const ended = await untilPhase(domains, landApprover, proposed.terms.id, 'over');
  expect([ended.room, ended.partnerPeople]).toEqual([null, []]);
});
