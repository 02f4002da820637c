/** Messages between devices over a real homeserver: who can read them, and what is refused. */
import { CollectStrategy, EncryptionSettings, RoomId as SdkRoomId, UserId } from '@matrix-org/matrix-sdk-crypto-wasm';
import { LogSpan } from 'matrix-js-sdk/lib/logger.js';
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { signInDevice, stopDevices, untilReadable, type Device } from '#test/harness/encryption/device.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { z } from 'zod';
import type { RoomId } from '#contract/ids.ts';
import type { EncryptionRoom } from '../../../client/src/engine/encryption/encryption.ts';
import { quietLogger } from '../../../client/src/engine/encryption/quiet-log.ts';
import { accounts, newPerson, roomOf } from './people.ts';

afterEach(stopDevices);

describe('two people who have set up encryption', () => {
  test('read each other in both directions', async () => {
    const { device: anna } = await newPerson('anna');
    const { device: ben } = await newPerson('ben');
    const room = await roomOf([anna, ben]);

    const toBen = await untilReadable(ben, room.roomId, await anna.send(room, 'Guten Morgen'));
    const toAnna = await untilReadable(anna, room.roomId, await ben.send(room, 'Moin'));

    expect(toBen).toMatchObject({ type: 'm.room.message', content: { body: 'Guten Morgen' }, shield: null });
    expect(toAnna).toMatchObject({ content: { body: 'Moin' }, shield: null });
    expect(ben.keys.length).toBeGreaterThan(0);
  });

  test('leave in the clear what a message relates to, for the homeserver to count, and nothing else', async () => {
    const { device: anna } = await newPerson('anna');
    const room = await roomOf([anna]);
    const relation = { rel_type: 'm.thread', event_id: '$root' };

    const { content } = await anna.encryption.encrypt(room, 'm.room.message', {
      msgtype: 'm.text',
      body: 'geheim',
      'm.relates_to': relation,
    });

    expect(content).toMatchObject({ algorithm: 'm.megolm.v1.aes-sha2', 'm.relates_to': relation });
    expect(JSON.stringify(content)).not.toContain('geheim');
  });

  test('see as a mismatch what the homeserver passes off as sent by somebody else', async () => {
    const { device: anna } = await newPerson('anna');
    const { device: ben } = await newPerson('ben');
    const { device: clara } = await newPerson('clara');
    const room = await roomOf([anna, ben, clara]);
    const eventId = await anna.send(room, 'Genehmigt: nein');
    await untilReadable(ben, room.roomId, eventId);
    const event = await ben.read(room.roomId, eventId);

    const spoofed = await ben.encryption.decrypt(room.roomId, { ...event, sender: clara.account.userId });

    expect(spoofed).toMatchObject({ kind: 'unreadable', reason: 'sender-mismatch' });
  });

  test('refuse a message that the homeserver moves to another room', async () => {
    const { device: anna } = await newPerson('anna');
    const { device: ben } = await newPerson('ben');
    const room = await roomOf([anna, ben]);
    const other = await roomOf([anna, ben]);
    const eventId = await anna.send(room, 'Ja');
    await untilReadable(ben, room.roomId, eventId);

    const moved = await ben.encryption.decrypt(other.roomId, await ben.read(room.roomId, eventId));

    expect(moved.kind).toBe('unreadable');
  });
});

describe('somebody who has left', () => {
  test('cannot read the next message', async () => {
    const { device: anna } = await newPerson('anna');
    const { device: ben } = await newPerson('ben');
    const room = await roomOf([anna, ben]);
    await untilReadable(ben, room.roomId, await anna.send(room, 'noch mit Ben'));

    const withoutBen = { ...room, members: room.members.filter(({ userId }) => userId !== ben.account.userId) };
    const eventId = await anna.send(withoutBen, 'ohne Ben');

    await untilReadable(anna, room.roomId, eventId);
    expect((await ben.decrypt(room.roomId, eventId)).kind).toBe('unreadable');
  });
});

describe('somebody whose account was closed', () => {
  test('is signed out, and has no key of what comes then, though still a member', async () => {
    const { device: anna } = await newPerson('anna');
    const { device: ben } = await newPerson('ben');
    const room = await roomOf([anna, ben]);
    await untilReadable(ben, room.roomId, await anna.send(room, 'noch mit Ben'));
    await ben.feed.stop();

    await (await accounts()).close(ben.account);

    const { status, body } = await ben.session.request('GET', '/v3/joined_rooms');
    expect([status, body]).toMatchObject([401, { errcode: 'M_UNKNOWN_TOKEN' }]);
    await waitUntil('a key that Ben has not', async () => {
      const event = await anna.read(room.roomId, await anna.send(room, 'ohne Ben'));
      const { kind } = await ben.encryption.decrypt(room.roomId, event);
      return kind === 'unreadable' ? true : undefined;
    });
  });
});

/** As another program would send, with the key for every device. */
async function sendWithoutRules(device: Device, room: EncryptionRoom & { roomId: RoomId }, body: string) {
  const { olm, keyClaims, outgoing } = device.machine;
  const members = (): UserId[] => room.members.map(({ userId }) => new UserId(userId));
  await olm.updateTrackedUsers(members());
  await outgoing.doProcessOutgoingRequests();
  await keyClaims.ensureSessionsForUsers(new LogSpan(quietLogger, 'test'), members());
  const settings = new EncryptionSettings();
  settings.sharingStrategy = CollectStrategy.allDevices();
  for (const request of await olm.shareRoomKey(new SdkRoomId(room.roomId), members(), settings)) {
    await outgoing.outgoingRequestProcessor.makeOutgoingRequest(request);
  }
  const content = JSON.stringify({ msgtype: 'm.text', body });
  const cipher = await olm.encryptRoomEvent(new SdkRoomId(room.roomId), 'm.room.message', content);
  return device.sendEvent(room.roomId, 'm.room.encrypted', z.record(z.string(), z.unknown()).parse(JSON.parse(cipher)));
}

describe('a device that its owner has not signed', () => {
  test('gets no key, while the signed device beside it does', async () => {
    const { device: anna } = await newPerson('anna');
    const { device: ben } = await newPerson('ben');
    const planted = await signInDevice(ben.account);
    await planted.reaches('locked');
    const room = await roomOf([anna, ben]);

    const eventId = await anna.send(room, 'nur für Ben');
    await untilReadable(ben, room.roomId, eventId);

    expect(await planted.decrypt(room.roomId, eventId)).toMatchObject({ kind: 'unreadable', reason: 'withheld' });
    expect(planted.keys).toEqual([]);
  });

  test('is not believed what it sends, though it gives everybody the key', async () => {
    const { device: anna } = await newPerson('anna');
    const { device: ben } = await newPerson('ben');
    const planted = await signInDevice(anna.account);
    await planted.reaches('locked');
    const room = await roomOf([ben, anna]);

    const eventId = await sendWithoutRules(planted, room, 'angeblich von Anna');
    await waitUntil('the key', () => ben.keys.at(-1));

    expect(await ben.decrypt(room.roomId, eventId)).toMatchObject({ kind: 'unreadable', reason: 'sender-unverified' });
  });

  test('is believed as soon as its owner signs it, also what it sent before', async () => {
    const { device: anna } = await newPerson('anna');
    const ben = await signInDevice(await (await accounts()).newAccount('ben'));
    const room = await roomOf([ben, anna]);
    await anna.encryption.trustOf([ben.account.userId]);
    const eventId = await sendWithoutRules(ben, room, 'vor der Unterschrift');
    const sessionId = await waitUntil('the key', () => anna.keys.at(-1));
    expect(await anna.decrypt(room.roomId, eventId)).toMatchObject({ reason: 'sender-unverified' });
    const told = anna.keys.length;

    await ben.encryption.setUp(ben.account.password, null);

    await waitUntil('another try', () => (anna.keys.slice(told).includes(sessionId) ? true : undefined));
    expect(await anna.decrypt(room.roomId, eventId)).toMatchObject({
      content: { body: 'vor der Unterschrift' },
      shield: null,
    });
  });

  test('cannot write to anybody', async () => {
    const { device: anna } = await newPerson('anna');
    const planted = await signInDevice(anna.account);
    await planted.reaches('locked');
    const room = await roomOf([anna]);

    await expect(planted.send(room, 'von wem?')).rejects.toThrow();
  });
});

describe('an encrypted attachment', () => {
  test('comes back whole, and not at all with one bit changed', async () => {
    const { device: anna } = await newPerson('anna');
    const plain = new Uint8Array(randomBytes(70_000));
    const { cipher, info } = anna.encryption.encryptAttachment(plain);

    expect(anna.encryption.decryptAttachment(cipher, info)).toEqual(plain);
    expect(cipher).not.toEqual(plain);
    cipher[69_999] = (cipher[69_999] ?? 0) ^ 1;
    expect(() => anna.encryption.decryptAttachment(cipher, info)).toThrow();
  });
});
