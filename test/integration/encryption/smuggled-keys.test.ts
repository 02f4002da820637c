/**
 * Room keys on ways on which a sender proves nothing. Mallory writes to Ben in one room, and in another she writes a
 * message whose key she keeps from him. Then she brings him that key past the one way that counts, an Olm-encrypted
 * `m.room_key` of the session's owner. If he took it, he could read the message.
 */
import { CollectStrategy, DeviceId, RoomId as SdkRoomId, UserId } from '@matrix-org/matrix-sdk-crypto-wasm';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { EventId, RoomId } from '#contract/ids.ts';
import { stopDevices, untilReadable, type Device } from '#test/harness/encryption/device.ts';
import { accepted } from '#test/harness/matrix/rooms.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { newPerson, roomOf } from './people.ts';

const keySchema = z.looseObject({
  algorithm: z.string(),
  room_id: z.string(),
  sender_key: z.string(),
  session_id: z.string(),
  session_key: z.string(),
  sender_claimed_keys: z.object({ ed25519: z.string() }),
});
type Key = z.infer<typeof keySchema>;

let ben: Device;
let mallory: Device;
let openRoomId: RoomId;
let withheld: { readonly roomId: RoomId; readonly eventId: EventId; readonly key: Key };

beforeEach(async () => {
  ben = (await newPerson('ben')).device;
  mallory = (await newPerson('mallory')).device;
  const openRoom = await roomOf([mallory, ben]);
  await untilReadable(ben, openRoom.roomId, await mallory.send(openRoom, 'Hallo Ben'));
  openRoomId = openRoom.roomId;
  const other = await roomOf([mallory, ben]);
  const withoutBen = { ...other, members: other.members.filter(({ userId }) => userId !== ben.account.userId) };
  const eventId = await mallory.send(withoutBen, 'nicht für Ben');
  withheld = { roomId: other.roomId, eventId, key: await keyOf(other.roomId) };
});
afterEach(stopDevices);

async function keyOf(roomId: RoomId): Promise<Key> {
  const exported = await mallory.machine.olm.exportRoomKeys((session) => session.roomId.toString() === roomId);
  const [key] = z.array(keySchema).parse(JSON.parse(exported));
  if (!key) throw new Error('Mallory has no key of the room');
  return key;
}

/** Resolves when Ben has taken in everything sent up to now. */
async function sendToBen(type: string, content: object): Promise<void> {
  await sendToDevice(type, content);
  const marker = randomUUID();
  await sendToDevice('de.landbote.test.marker', { marker });
  await waitUntil('the marker', () => (JSON.stringify(ben.feed.received).includes(marker) ? true : undefined));
}

async function sendToDevice(type: string, content: object): Promise<void> {
  const path = `/v3/sendToDevice/${type}/${randomUUID()}`;
  const messages = { [ben.account.userId]: { [ben.deviceId]: content } };
  accepted(await mallory.session.request('PUT', path, { messages }));
}

/** From Mallory's device to Ben's, as keys usually come. */
async function sendEncryptedToBen(type: string, content: object): Promise<void> {
  const device = await mallory.machine.olm.getDevice(new UserId(ben.account.userId), new DeviceId(ben.deviceId));
  const cipher = await device?.encryptToDeviceEvent(type, content, CollectStrategy.allDevices());
  await sendToBen('m.room.encrypted', z.record(z.string(), z.unknown()).parse(JSON.parse(cipher ?? '')));
}

async function expectUnreadable(): Promise<void> {
  expect(await ben.decrypt(withheld.roomId, withheld.eventId)).toMatchObject({ kind: 'unreadable' });
  expect(ben.keys).not.toContain(withheld.key.session_id);
}

describe('a key that a device did not ask for', () => {
  test('opens the message when the person imports it: it is the right one', async () => {
    await ben.machine.olm.importExportedRoomKeys(JSON.stringify([withheld.key]), () => undefined);

    await untilReadable(ben, withheld.roomId, withheld.eventId);
    await waitUntil('the news', () => (ben.keys.includes(withheld.key.session_id) ? true : undefined));
  });

  test('is ignored when it is forwarded', async () => {
    const { sender_claimed_keys: claimed, ...key } = withheld.key;
    const forwarded = { ...key, sender_claimed_ed25519_key: claimed.ed25519, forwarding_curve25519_key_chain: [] };
    await sendEncryptedToBen('m.forwarded_room_key', forwarded);

    await expectUnreadable();
  });

  test('is ignored when the message that brings it is encrypted for a room instead of a device', async () => {
    const content = JSON.stringify(withheld.key);
    const cipher = await mallory.machine.olm.encryptRoomEvent(new SdkRoomId(openRoomId), 'm.room_key', content);

    await sendToBen('m.room.encrypted', z.record(z.string(), z.unknown()).parse(JSON.parse(cipher)));

    await expectUnreadable();
  });

  test('is ignored when it comes in the clear', async () => {
    await sendToBen('m.room_key', withheld.key);
    await sendToBen('m.forwarded_room_key', withheld.key);

    await expectUnreadable();
  });
});

describe('a malformed to-device message', () => {
  test('does not keep the ones beside it from coming in', async () => {
    for (const content of [{}, { transaction_id: 7 }]) await sendToDevice('m.key.verification.request', content);
    await sendToDevice('m.room.encrypted', { algorithm: 7, ciphertext: [] });
    await sendEncryptedToBen('m.key.verification.request', { transaction_id: 7 });
    const room = await roomOf([mallory, ben]);

    await untilReadable(ben, room.roomId, await mallory.send(room, 'trotzdem'));
  });
});
