/** One step at first sign-in, and one recovery code on each later device. */
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { signInDevice, stopDevices, untilReadable, type Device } from '#test/harness/encryption/device.ts';
import { accepted } from '#test/harness/matrix/rooms.ts';
import { accounts, newPerson, roomOf } from './people.ts';

afterEach(stopDevices);

/** A request of each step of the set-up, in their order. */
const steps = [
  '/de.landbote.encryption {"is_complete":false',
  '/keys/device_signing/upload',
  '/keys/signatures/upload',
  '{"algorithm":"m.secret_storage',
  'm.secret_storage.default_key {"key"',
  'm.cross_signing.self_signing {"encrypted"',
  '/room_keys/version {',
  'm.megolm_backup.v1 {"encrypted"',
  'org.matrix.msc3814 {"encrypted"',
  '/dehydrated_device {',
  '/de.landbote.encryption {"is_complete":true',
];

async function newDeviceOf({ account }: Device): Promise<Device> {
  return signInDevice(account);
}

const backupSchema = z.object({ version: z.string(), auth_data: z.object({ public_key: z.string() }) });

/** Everybody who knows the backup's public key, the homeserver first of all, can encrypt for it. */
async function plantInBackup(victim: Device, { machine: { olm } }: Device): Promise<void> {
  const answer = accepted(await victim.session.request('GET', '/v3/room_keys/version'));
  const { version, auth_data: authData } = backupSchema.parse(answer);
  await olm.enableBackupV1(authData.public_key, version);
  const upload = await olm.backupRoomKeys();
  const path = `/v3/room_keys/keys?version=${version}`;
  accepted(await victim.session.request('PUT', path, JSON.parse(upload?.body ?? '')));
}

async function deleteDehydratedDevice({ session }: Device): Promise<void> {
  accepted(await session.request('DELETE', '/unstable/org.matrix.msc3814.v1/dehydrated_device'));
}

describe('setting up', () => {
  test('makes an account ready in one step, with a backup', async () => {
    const device = await signInDevice(await (await accounts()).newAccount('anna'));
    await device.reaches('missing');

    const { recoveryCode } = await device.encryption.setUp(device.account.password, null);

    expect(recoveryCode).toMatch(/^E[\w ]{50,}$/);
    expect(await device.encryption.status()).toEqual({ state: 'ready', isBackupActive: true, hasOtherDevices: false });
  });

  test('is completed by another run wherever one breaks off, and is not called ready before', async () => {
    const device = await signInDevice(await (await accounts()).newAccount('anna'));
    for (const step of steps) {
      device.refuse(step);
      await expect(device.encryption.setUp(device.account.password, null), step).rejects.toThrow();
      device.refuse(null);
      expect(await device.encryption.status(), step).toMatchObject({ state: 'missing' });
    }

    const { recoveryCode } = await device.encryption.setUp(device.account.password, null);

    await device.reaches('ready');
    const second = await newDeviceOf(device);
    await second.encryption.recover(recoveryCode);
    expect(await second.reaches('ready')).toMatchObject({ isBackupActive: true });
  });

  test('refuses the password as passphrase: the homeserver is told the one and must never learn the other', async () => {
    const device = await signInDevice(await (await accounts()).newAccount('anna'));

    await expect(device.encryption.setUp(device.account.password, device.account.password)).rejects.toMatchObject({
      failure: { kind: 'refused' },
    });
    await device.reaches('missing');
  });

  test('leaves an account as it was when the password is wrong', async () => {
    const { device: anna, recoveryCode } = await newPerson('anna');
    const second = await newDeviceOf(anna);
    await second.reaches('locked');

    await expect(second.encryption.setUp('falsch', null)).rejects.toMatchObject({
      failure: { kind: 'wrong-credentials' },
    });
    await second.reaches('locked');
    await second.encryption.recover(recoveryCode);
    await second.reaches('ready');
  });
});

/** A new device, and a message to its owner from before it. */
async function whoseKeyIsInTheBackupAlone(body: string) {
  const { device: anna, recoveryCode } = await newPerson('anna');
  const { device: ben } = await newPerson('ben');
  const room = await roomOf([anna, ben]);
  const eventId = await ben.send(room, body);
  await untilReadable(anna, room.roomId, eventId);
  await anna.backedUp();
  // It has the key too, and knows who sent it.
  await deleteDehydratedDevice(anna);
  return { second: await newDeviceOf(anna), room, eventId, recoveryCode };
}

describe('a new device', () => {
  test('reads with the recovery code what was sent before it, and says that nobody can prove who sent it', async () => {
    const { second, room, eventId, recoveryCode } = await whoseKeyIsInTheBackupAlone('von gestern');
    await second.reaches('locked');
    expect(await second.decrypt(room.roomId, eventId)).toMatchObject({ reason: 'before-device' });

    await second.encryption.recover(recoveryCode);

    const restored = await untilReadable(second, room.roomId, eventId);
    expect(restored).toMatchObject({ content: { body: 'von gestern' }, shield: 'authenticity-unknown' });
    expect(await second.reaches('ready')).toMatchObject({ isBackupActive: true, hasOtherDevices: true });
  });

  test('goes on reading it, marked as before, when it gets to know the devices of who sent it', async () => {
    const { second, room, eventId, recoveryCode } = await whoseKeyIsInTheBackupAlone('von gestern');
    await second.encryption.recover(recoveryCode);

    await second.encryption.prepare(room);

    const restored = await second.decrypt(room.roomId, eventId);
    expect(restored).toMatchObject({ content: { body: 'von gestern' }, shield: 'authenticity-unknown' });
  });

  test('believes nothing that the homeserver has put into the backup instead', async () => {
    const { device: anna, recoveryCode } = await newPerson('anna');
    const { device: ben } = await newPerson('ben');
    const { device: mallory } = await newPerson('mallory');
    const room = await roomOf([mallory, anna, ben]);
    const withoutAnna = { ...room, members: room.members.filter(({ userId }) => userId !== anna.account.userId) };
    const eventId = await mallory.send(withoutAnna, 'Genehmigt: ja');
    await plantInBackup(anna, mallory);
    await deleteDehydratedDevice(anna);
    const second = await newDeviceOf(anna);
    await second.reaches('locked');

    await second.encryption.recover(recoveryCode);

    const planted = await untilReadable(second, room.roomId, eventId);
    expect(planted).toMatchObject({ content: { body: 'Genehmigt: ja' }, shield: 'authenticity-unknown' });
    const event = { ...(await second.read(room.roomId, eventId)), sender: ben.account.userId };
    expect(await second.encryption.decrypt(room.roomId, event)).not.toMatchObject({ shield: null });
  });

  test('is opened by the passphrase as well', async () => {
    const { device: anna } = await newPerson('anna', 'drei graue Dächer im Regen');
    const second = await newDeviceOf(anna);

    await second.encryption.recover('drei graue Dächer im Regen');

    await second.reaches('ready');
  });

  test.each(['EsTc falsch', 'drei graue Dächer', ''])(
    'stays locked and says so with the wrong code %j',
    async (code) => {
      const { device: anna } = await newPerson('anna', 'vier graue Dächer im Regen');
      const second = await newDeviceOf(anna);

      await expect(second.encryption.recover(code)).rejects.toMatchObject({ failure: { kind: 'wrong-recovery-code' } });
      expect(await second.encryption.status()).toMatchObject({ state: 'locked' });
    },
  );

  test('reads what was sent while the person was signed in nowhere', async () => {
    const { device: anna, recoveryCode } = await newPerson('anna');
    const { device: ben } = await newPerson('ben');
    const room = await roomOf([ben, anna]);
    await anna.signOut();
    const eventId = await ben.send(room, 'nach Dienstschluss');

    const next = await newDeviceOf(anna);
    await next.encryption.recover(recoveryCode);

    expect(await untilReadable(next, room.roomId, eventId)).toMatchObject({ content: { body: 'nach Dienstschluss' } });
  });

  test('tells what was sent before the first sign-in of all from what only this device lacks', async () => {
    const { device: ben } = await newPerson('ben');
    const account = await (await accounts()).newAccount('anna');
    const room = await roomOf([ben]);
    const early = await ben.send(room, 'vor Annas Zeit');
    const anna = await signInDevice(account);
    await anna.encryption.setUp(account.password, null);
    const second = await signInDevice(account);
    await second.reaches('locked');

    const event = await ben.read(room.roomId, early);
    expect(await second.encryption.decrypt(room.roomId, event)).toMatchObject({ reason: 'before-sign-in' });
  });
});
