/**
 * The rules inside the homeserver as the only layer: whitelist and policy are off, and the room has lost its power
 * profile (docs/wall.md, layer 6). Without the rules all of it succeeds in such a room (power-profile.test.ts). What the
 * homeserver pulls passes them; only event authorisation holds there.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { EventId, RoomId } from '#contract/ids.ts';
import type { JsonObject } from '#test/harness/federation/canonical-json.ts';
import { buildEvent, type EventDraft, type SignedEvent } from '#test/harness/federation/event.ts';
import { sendFederationRequest } from '#test/harness/federation/federation-client.ts';
import {
  draftEvent,
  draftMembership,
  knowRoom,
  stateEvent,
  type KnownRoom,
} from '#test/harness/federation/known-room.ts';
import { joinedMembers, readState, sendText } from '#test/harness/matrix/rooms.ts';
import { currentPosition, newsUntil } from '#test/harness/matrix/sync.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { auditedRefusal, type AuditedRefusal } from '../audited-refusals.ts';
import { doorNamed } from '../doors/all-doors.ts';
import { transaction } from '../doors/door.ts';
import { roomOfLand } from '../rooms.ts';
import {
  fremd,
  land as landName,
  readRunningStack,
  runningHomeserver,
  schule,
  type RunningHomeserver,
} from '../running-stack.ts';
import { startLayeredLand, type LayeredLand } from './layered-land.ts';
import { createWeakRoom } from './open-room.ts';

let land: LayeredLand;
/** Its appservice hears what the copy refuses. */
let original: RunningHomeserver;

const teacher = `@untreu:${schule}`;
const stranger = `@eingeschmuggelt:${fremd}`;

beforeAll(async () => {
  original = await runningHomeserver(await readRunningStack(), landName);
  land = await startLayeredLand({ whitelist: false, policyUrl: null, rules: true });
  return () => land.close();
});

/** A declared room with Matrix' usual powers, with the teacher in it. */
async function enterWeakRoom(): Promise<RoomId> {
  const roomId = await createWeakRoom(land.resident, teacher, [landName, schule], roomOfLand);
  const room = await knowRoom(land.resident, roomId);
  const join = await land.tryDoor(doorNamed('send_join, built by hand without make_join'), schule, {
    visitor: teacher,
    room,
  });
  expect(join.status).toBe(200);
  return roomId;
}

function sign(draft: EventDraft): SignedEvent {
  return buildEvent(draft, land.peer(schule).signer);
}

async function push(pdus: readonly JsonObject[]): Promise<void> {
  const { signer } = land.peer(schule);
  const answer = await sendFederationRequest(transaction(signer, { pdus: [...pdus] }), signer, land.copy.target);
  expect(answer.status).toBe(200);
}

/** Pushes events, and then a message that must arrive behind them. */
async function pushAndWait(room: KnownRoom, pdus: readonly JsonObject[], after = room.latest): Promise<void> {
  const since = await currentPosition(land.resident);
  const draft = draftEvent(room, teacher, 'm.room.message', { msgtype: 'm.text', body: 'danach' });
  const message = sign({ ...draft, prev_events: [after] });
  if (pdus.length > 0) await push(pdus);
  await push([message.pdu]);
  await newsUntil(land.resident, since, ({ roomEvents }) =>
    roomEvents.some(({ event_id }) => event_id === message.eventId),
  );
}

function draftState(room: KnownRoom, type: string, content: JsonObject): EventDraft {
  return { ...draftEvent(room, teacher, type, content), state_key: '' };
}

interface Smuggled {
  readonly pdus: readonly JsonObject[];
  readonly last: EventId;
}

/** An invitation of a third server's person, and their join. */
function smuggle(room: KnownRoom): Smuggled {
  const invitation = sign(draftMembership(room, teacher, stranger, 'invite'));
  const draft = draftMembership(room, stranger, stranger, 'join');
  const auth = { auth_events: [...draft.auth_events, invitation.eventId], prev_events: [invitation.eventId] };
  const joined = buildEvent({ ...draft, ...auth }, land.peer(fremd).signer);
  return { pdus: [invitation.pdu, joined.pdu], last: joined.eventId };
}

function refusalRow(roomId: RoomId, rule: string): Promise<AuditedRefusal> {
  return auditedRefusal(original, rule, ({ subject }) => subject === roomId);
}

describe('pushed by the peer that the ACL lists', () => {
  test('a redaction of the server ACL changes nothing, not even for a homeserver that starts anew', async () => {
    const roomId = await enterWeakRoom();
    const room = await knowRoom(land.resident, roomId);
    const redacts = stateEvent(room, 'm.room.server_acl')?.event_id;
    await pushAndWait(room, [sign(draftEvent(room, teacher, 'm.room.redaction', { redacts })).pdu]);
    await land.copy.restart();
    const after = await knowRoom(land.resident, roomId);
    expect(stateEvent(after, 'm.room.server_acl')?.content['allow']).toEqual([landName, schule]);
    expect(await refusalRow(roomId, 'redaction.of-state')).toMatchObject({ actor: teacher });
  });

  test('a third server does not get in: neither its invitation nor its join', async () => {
    const roomId = await enterWeakRoom();
    const room = await knowRoom(land.resident, roomId);
    await pushAndWait(room, smuggle(room).pdus);
    expect(joinedMembers(await readState(land.resident, roomId))).not.toContain(stranger);
    expect(await refusalRow(roomId, 'membership.creator-only')).toMatchObject({ actor: teacher });
    expect(await refusalRow(roomId, 'server.not-listed')).toMatchObject({ actor: stranger });
  });

  test.each<[string, JsonObject]>([
    ['m.room.name', { name: 'umbenannt' }],
    ['m.room.join_rules', { join_rule: 'public' }],
    ['m.room.history_visibility', { history_visibility: 'world_readable' }],
    ['m.room.server_acl', { allow: ['*'], deny: [], allow_ip_literals: true }],
  ])('%s stays as it was', async (type, content) => {
    const roomId = await enterWeakRoom();
    const powers = { users: { [teacher]: 99 }, state_default: 50, events: {} };
    await land.resident.request('PUT', `/v3/rooms/${encodeURIComponent(roomId)}/state/m.room.power_levels`, powers);
    const room = await knowRoom(land.resident, roomId);
    await pushAndWait(room, [sign(draftState(room, type, content)).pdu]);
    const after = await knowRoom(land.resident, roomId);
    expect(stateEvent(after, type)).toEqual(stateEvent(room, type));
    expect(await refusalRow(roomId, 'state.creator-only')).toMatchObject({ actor: teacher });
  });
});

describe('the rules alone let through', () => {
  test('what the homeserver fetches itself: the third server is sent what is said, and no list of members shows it', async () => {
    const roomId = await enterWeakRoom();
    const room = await knowRoom(land.resident, roomId);
    const { pdus, last } = smuggle(room);
    land.peer(schule).offerMissing(pdus);
    await pushAndWait(room, [], last);
    expect(joinedMembers(await readState(land.resident, roomId))).not.toContain(stranger);
    await sendText(land.resident, roomId, 'nur für Eingeladene');
    await waitUntil('the message at the third server', () =>
      land.peer(fremd).received.find(({ body }) => JSON.stringify(body).includes('nur für Eingeladene')),
    );
  });
});
