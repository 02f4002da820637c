/**
 * The power profile as the only layer, against the peer that whitelist and ACL let in: a forged event of the schools'
 * server can neither write state, nor redact the server ACL, nor smuggle a third server into the room (docs/wall.md,
 * layer 2). The control is a room with Matrix' usual powers, where all of it succeeds.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { RoomId, ServerName } from '#contract/ids.ts';
import type { JsonObject } from '#test/harness/federation/canonical-json.ts';
import { buildEvent, type EventDraft } from '#test/harness/federation/event.ts';
import { sendFederationRequest } from '#test/harness/federation/federation-client.ts';
import {
  draftEvent,
  draftMembership,
  knowRoom,
  stateEvent,
  type KnownRoom,
} from '#test/harness/federation/known-room.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { joinedMembers, readState, sendText } from '#test/harness/matrix/rooms.ts';
import { currentPosition, newsUntil } from '#test/harness/matrix/sync.ts';
import { doorNamed } from '../doors/all-doors.ts';
import { transaction } from '../doors/door.ts';
import { memberOf, roomWithSchools } from '../rooms.ts';
import { fremd, land as landName, polizei, schule } from '../running-stack.ts';
import { startLayeredLand, type LayeredLand } from './layered-land.ts';
import { createWeakRoom } from './open-room.ts';

let land: LayeredLand;
let teacher: string;
/** The real room of the ministry and the schools. */
let realRoom: RoomId;
let weakRoom: RoomId;

const stranger = `@eingeschmuggelt:${fremd}`;

beforeAll(async () => {
  land = await startLayeredLand({ whitelist: false, policyUrl: null });
  const shared = await roomWithSchools(land.resident);
  realRoom = shared.roomId;
  teacher = memberOf(shared, schule);
  weakRoom = await createWeakRoom(land.resident, teacher, [landName, schule]);
  const room = await knowRoom(land.resident, weakRoom);
  const join = await land.tryDoor(doorNamed('send_join, built by hand without make_join'), schule, {
    visitor: teacher,
    room,
  });
  expect(join.status).toBe(200);
  return () => land.close();
});

/** Sends events of the schools' server as one transaction, and then a message that must arrive behind them. */
async function sendAsSchule(roomId: RoomId, pdusFor: (room: KnownRoom) => readonly unknown[]): Promise<void> {
  const { signer } = land.peer(schule);
  const room = await knowRoom(land.resident, roomId);
  const since = await currentPosition(land.resident);
  const message = buildEvent(
    draftEvent(room, teacher, 'm.room.message', { msgtype: 'm.text', body: 'danach' }),
    signer,
  );
  for (const pdus of [pdusFor(room), [message.pdu]]) {
    const answer = await sendFederationRequest(transaction(signer, { pdus: [...pdus] }), signer, land.copy.target);
    expect(answer.status).toBe(200);
  }
  await newsUntil(land.resident, since, ({ roomEvents }) =>
    roomEvents.some(({ event_id }) => event_id === message.eventId),
  );
}

async function allowList(roomId: RoomId): Promise<unknown> {
  const room = await knowRoom(land.resident, roomId);
  return stateEvent(room, 'm.room.server_acl')?.content['allow'];
}

async function joinAs(server: ServerName, visitor: string, roomId: RoomId): Promise<number> {
  const room = await knowRoom(land.resident, roomId);
  return (await land.tryDoor(doorNamed('make_join'), server, { visitor, room })).status;
}

/** State of the room as the teacher would write it. */
function forgeState(room: KnownRoom, type: string, content: JsonObject, stateKey = ''): EventDraft {
  return { ...draftEvent(room, teacher, type, content), state_key: stateKey };
}

describe('state that the allowed peer writes as its own person', () => {
  const send = (roomId: RoomId, forge: (room: KnownRoom) => EventDraft): Promise<void> =>
    sendAsSchule(roomId, (room) => [buildEvent(forge(room), land.peer(schule).signer).pdu]);

  test('changes nothing in a room with the power profile, not even for a homeserver that starts anew', async () => {
    const before = (await knowRoom(land.resident, realRoom)).state;
    const states: readonly (readonly [string, JsonObject, string?])[] = [
      ['m.room.server_acl', { allow: ['*'], deny: [], allow_ip_literals: true }],
      ['m.room.power_levels', { users: { [teacher]: 100 }, state_default: 0 }],
      ['m.room.encryption', {}],
      ['m.room.join_rules', { join_rule: 'public' }],
      ['m.room.tombstone', { body: 'umgezogen', replacement_room: `!${'a'.repeat(43)}` }],
      ['m.space.parent', { via: [schule], canonical: true }, `!${'b'.repeat(43)}`],
      ['m.space.child', { via: [schule] }, `!${'c'.repeat(43)}`],
    ];
    for (const state of states) await send(realRoom, (room) => forgeState(room, ...state));
    await send(realRoom, (room) => draftMembership(room, teacher, land.resident.userId, 'leave'));
    await land.copy.restart();
    expect((await knowRoom(land.resident, realRoom)).state).toEqual(before);
  });

  test('stands in a room with the usual powers', async () => {
    await send(weakRoom, (room) => forgeState(room, 'm.room.topic', { topic: 'übernommen' }));
    const room = await knowRoom(land.resident, weakRoom);
    expect(stateEvent(room, 'm.room.topic')).toMatchObject({ sender: teacher, content: { topic: 'übernommen' } });
  });
});

describe('a redaction of the server ACL by the allowed peer', () => {
  const redactAcl = (room: KnownRoom): readonly unknown[] => {
    const acl = stateEvent(room, 'm.room.server_acl');
    const draft = draftEvent(room, teacher, 'm.room.redaction', { redacts: acl?.event_id });
    return [buildEvent(draft, land.peer(schule).signer).pdu];
  };

  beforeAll(async () => {
    for (const roomId of [realRoom, weakRoom]) await sendAsSchule(roomId, redactAcl);
    // The ACL that a homeserver enforces stands in a cache, which a redaction does not empty.
    await land.copy.restart();
  });

  test('changes nothing in a room with the power profile, not even for a homeserver that starts anew', async () => {
    expect(await allowList(realRoom)).toEqual([landName, schule]);
    expect(await joinAs(schule, teacher, realRoom)).toBe(200);
    expect(await joinAs(polizei, `@kundschafter:${polizei}`, realRoom)).toBe(403);
  });

  test('empties the ACL of a room with the usual powers and splits it', async () => {
    expect(await allowList(weakRoom)).toBeUndefined();
    expect(await joinAs(schule, teacher, weakRoom)).toBe(403);
  });
});

describe('a third server that the allowed peer smuggles in', () => {
  let weakRoom: RoomId;

  const smuggle = (room: KnownRoom): readonly unknown[] => {
    const invitation = buildEvent(draftMembership(room, teacher, stranger, 'invite'), land.peer(schule).signer);
    const draft = draftMembership(room, stranger, stranger, 'join');
    const join = buildEvent(
      { ...draft, auth_events: [...draft.auth_events, invitation.eventId], prev_events: [invitation.eventId] },
      land.peer(fremd).signer,
    );
    return [invitation.pdu, join.pdu];
  };

  /** What the stranger's server was handed of the room. */
  const delivered = (text: string) =>
    land
      .peer(fremd)
      .received.filter(({ uri, body }) => uri.includes('/v1/send/') && JSON.stringify(body).includes(text));

  beforeAll(async () => {
    weakRoom = await createWeakRoom(land.resident, teacher, [landName, schule]);
    const room = await knowRoom(land.resident, weakRoom);
    await land.tryDoor(doorNamed('send_join, built by hand without make_join'), schule, { visitor: teacher, room });
    for (const roomId of [realRoom, weakRoom]) await sendAsSchule(roomId, smuggle);
  });

  test('does not get into a room with the power profile, and is sent nothing of it', async () => {
    expect(joinedMembers(await readState(land.resident, realRoom))).not.toContain(stranger);
    const eventId = await sendText(land.resident, realRoom, 'nur für Ministerium und Schulen');
    await waitUntil('the message at the schools’ server', () =>
      land.peer(schule).received.find(({ body }) => JSON.stringify(body).includes('nur für Ministerium und Schulen')),
    );
    expect(eventId).toMatch(/^\$/);
    expect(delivered('nur für Ministerium und Schulen')).toEqual([]);
  });

  test('is in a room with the usual powers, and is sent what is said there', async () => {
    expect(joinedMembers(await readState(land.resident, weakRoom))).toContain(stranger);
    await sendText(land.resident, weakRoom, 'an alle im offenen Raum');
    await waitUntil('the message at the stranger’s server', () => delivered('an alle im offenen Raum')[0]);
  });
});
