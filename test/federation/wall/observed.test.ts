/**
 * What the homeserver refuses by itself stands in the audit trail within five seconds: who, where, by which rule
 * (docs/adr/0025). Each kind of refusal really happens; the rows are those of a running appservice.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { roomIdSchema, type RoomId } from '#contract/ids.ts';
import { buildEvent, type Signer } from '#test/harness/federation/event.ts';
import { sendFederationRequest } from '#test/harness/federation/federation-client.ts';
import { draftEvent, knowRoom, type KnownRoom } from '#test/harness/federation/known-room.ts';
import { createSigningKey } from '#test/harness/federation/signing-key.ts';
import { readProvisionedRooms } from '#test/harness/matrix/rooms.ts';
import { auditedRefusal, auditedRefusals, type AuditedRefusal } from '../audited-refusals.ts';
import { doorNamed } from '../doors/all-doors.ts';
import { transaction } from '../doors/door.ts';
import { polizei, runningHomeserver, schule } from '../running-stack.ts';
import { useSharedRoom } from '../shared-room.ts';

const shared = useSharedRoom();

let police: Signer;
let schools: Signer;
/** Rooms of the ministry alone. */
let ownRooms: readonly KnownRoom[];
let sharedRoom: KnownRoom;

beforeAll(async () => {
  const { stack, resident, know } = shared();
  police = (await runningHomeserver(stack, polizei)).signer;
  schools = shared().schools.signer;
  const own = (await readProvisionedRooms(resident)).filter(({ federates }) => !federates);
  ownRooms = await Promise.all(own.map(({ roomId }) => knowRoom(resident, roomId)));
  sharedRoom = await know();
});

/** A room that is nowhere, and so one about which no row was written before. */
function inventedRoom(): KnownRoom {
  return { ...sharedRoom, roomId: roomIdSchema.parse(`!${randomBytes(32).toString('base64url')}`) };
}

async function knock(origin: Signer, door: string, room: KnownRoom): Promise<number> {
  const visitor = `@kundschafter:${origin.serverName}`;
  const request = doorNamed(door).request({ origin, visitor, room, resident: shared().resident.userId });
  return (await sendFederationRequest(request, origin, shared().ministry.target)).status;
}

interface Expected {
  readonly rule: string;
  readonly actor: string;
  readonly roomId: RoomId;
}

/** Identical refusals may be counted for a minute before they become a row; the first of its kind is one at once. */
const countedMs = 65_000;
const atOnceMs = 5_000;

function untilObserved({ rule, actor, roomId }: Expected, after: number, limitMs: number): Promise<AuditedRefusal> {
  const fits = (row: AuditedRefusal): boolean => row.sequence > after && row.actor === actor && row.subject === roomId;
  return auditedRefusal(shared().ministry, rule, fits, limitMs);
}

const lastRow = async (): Promise<number> => (await auditedRefusals(shared().ministry)).at(-1)?.sequence ?? 0;

test('the whitelist: a server that is not listed, with the room that it wanted', async () => {
  const [room, after] = [inventedRoom(), await lastRow()];
  expect(await knock(police, 'make_join', room)).toBe(403);
  const expected = { rule: 'whitelist.not-listed', actor: polizei, roomId: room.roomId };
  expect((await untilObserved(expected, after, atOnceMs)).detail).toMatchObject({ room: room.roomId, times: 1 });
});

// Each at a room of its own, so that each leaves a row of its own.
test.each([
  { door: 'make_join', index: 0 },
  { door: 'send a message', index: 1 },
  { door: 'send a typing notice and a receipt', index: 2 },
])(
  'the server ACL: a listed server at a room that does not list it ($door)',
  async ({ door, index }) => {
    const room = ownRooms[index];
    if (room === undefined) throw new Error(`${shared().resident.userId} is in too few rooms of the own server`);
    const after = await lastRow();
    await knock(schools, door, room);
    await untilObserved({ rule: 'acl.not-listed', actor: schule, roomId: room.roomId }, after, countedMs);
  },
  countedMs + 10_000,
);

test('event authorisation: a message by somebody who is not in the room', async () => {
  const after = await lastRow();
  const nobody = `@niemand-${randomUUID()}:${schule}`;
  const draft = draftEvent(sharedRoom, nobody, 'm.room.message', { msgtype: 'm.text', body: 'Darf ich?' });
  const request = transaction(schools, { pdus: [buildEvent(draft, schools).pdu] });
  expect((await sendFederationRequest(request, schools, shared().ministry.target)).status).toBe(200);
  await untilObserved({ rule: 'event.unauthorised', actor: nobody, roomId: sharedRoom.roomId }, after, atOnceMs);
});

test('what else is refused to a listed server', async () => {
  const [room, after] = [inventedRoom(), await lastRow()];
  expect(await knock(schools, 'state', room)).toBe(403);
  await untilObserved({ rule: 'request.forbidden', actor: schule, roomId: room.roomId }, after, atOnceMs);
});

test('a signature that is none: nobody is accused', async () => {
  const [room, after] = [inventedRoom(), await lastRow()];
  const pretender = { ...schools, key: { ...createSigningKey(), id: schools.key.id } };
  expect(await knock(pretender, 'state', room)).toBe(401);
  await untilObserved({ rule: 'request.unauthenticated', actor: 'unknown', roomId: room.roomId }, after, atOnceMs);
});

test('what is served leaves no row: the control', async () => {
  const after = await lastRow();
  expect(await knock(schools, 'state', sharedRoom)).toBe(200);
  const [sentinel, served] = [inventedRoom(), sharedRoom.roomId];
  await knock(schools, 'state', sentinel);
  await untilObserved({ rule: 'request.forbidden', actor: schule, roomId: sentinel.roomId }, after, atOnceMs);
  const rows = (await auditedRefusals(shared().ministry)).filter(({ sequence }) => sequence > after);
  expect(rows.filter(({ subject, actor }) => subject === served && actor === schule)).toEqual([]);
});
