/** Somebody's identity changes: a new set-up by themselves, or a homeserver that replaces them. Nobody can tell which. */
import { afterEach, describe, expect, test } from 'vitest';
import { signInDevice, stopDevices, untilReadable, type Device } from '#test/harness/encryption/device.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { verifyByEmoji } from './verify-by-emoji.ts';
import { newPerson, roomOf, trustIn } from './people.ts';

afterEach(stopDevices);

/** The account gets a new identity on a new device, as after losing everything. */
async function startOver({ account }: Device): Promise<Device> {
  const device = await signInDevice(account);
  await device.reaches('locked');
  await device.encryption.setUp(account.password, null);
  return device;
}

/** Resolves when the observer has learnt of the new identity. */
async function untilChanged(observer: Device, { account }: Device): Promise<void> {
  await waitUntil('the changed identity', async () => {
    const changed = await observer.encryption.identityChanges([account.userId]);
    return changed.includes(account.userId) ? true : undefined;
  });
}

describe('a changed identity', () => {
  test('blocks a direct chat until it is accepted; then the new device can read', async () => {
    const { device: anna } = await newPerson('anna');
    const { device: ben } = await newPerson('ben');
    const room = await roomOf([anna, ben], true);
    await untilReadable(ben, room.roomId, await anna.send(room, 'vorher'));
    const newBen = await startOver(ben);
    await untilChanged(anna, ben);

    await expect(anna.send(room, 'zu früh')).rejects.toMatchObject({ userIds: [ben.account.userId] });
    await expect(anna.encryption.prepare(room)).rejects.toMatchObject({ userIds: [ben.account.userId] });
    expect(await trustIn(anna, ben)).toBe('changed');
    expect(newBen.keys).toEqual([]);

    await anna.encryption.acceptIdentity(ben.account.userId);
    const eventId = await anna.send(room, 'danach');

    expect(await untilReadable(newBen, room.roomId, eventId)).toMatchObject({ content: { body: 'danach' } });
    expect(await trustIn(anna, ben)).toBe('unverified');
  });

  test('leaves that person out of a group, serves the others, and takes them in again once accepted', async () => {
    const { device: anna } = await newPerson('anna');
    const { device: ben } = await newPerson('ben');
    const { device: clara } = await newPerson('clara');
    const room = await roomOf([anna, ben, clara]);
    await untilReadable(ben, room.roomId, await anna.send(room, 'vorher'));
    const newBen = await startOver(ben);
    await untilChanged(anna, ben);

    const during = await anna.send(room, 'ohne Ben');
    await untilReadable(clara, room.roomId, during);
    expect((await newBen.decrypt(room.roomId, during)).kind).toBe('unreadable');
    expect((await ben.decrypt(room.roomId, during)).kind).toBe('unreadable');

    await anna.encryption.acceptIdentity(ben.account.userId);
    await untilReadable(newBen, room.roomId, await anna.send(room, 'wieder mit Ben'));
    expect((await newBen.decrypt(room.roomId, during)).kind).toBe('unreadable');
  });

  test('of somebody who was verified blocks the group too', async () => {
    const { device: anna } = await newPerson('anna');
    const { device: ben } = await newPerson('ben');
    const room = await roomOf([anna, ben]);
    await untilReadable(ben, room.roomId, await anna.send(room, 'vorher'));
    await verifyByEmoji(anna, ben);
    await startOver(ben);
    await untilChanged(anna, ben);

    await expect(anna.send(room, 'zu früh')).rejects.toMatchObject({ userIds: [ben.account.userId] });
    await anna.encryption.acceptIdentity(ben.account.userId);
    await anna.send(room, 'danach');
  });
});
