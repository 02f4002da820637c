/** A key store on a device that is full for a while: what the SDK makes of it, and what the engine makes of that. */
import { IDBObjectStore } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import { signInDevice, stopDevices } from '#test/harness/encryption/device.ts';
import { accounts, roomOf } from './people.ts';

afterEach(stopDevices);

test('what is encrypted once there is room again is readable to its sender, too', async () => {
  const device = await signInDevice(await (await accounts()).newAccount('anna'), { isInMemory: false });
  await device.encryption.setUp(device.account.password, null);
  const room = await roomOf([device]);

  const { put } = IDBObjectStore.prototype;
  const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: InstanceType<typeof IDBObjectStore>,
    ...record: Parameters<typeof put>
  ) {
    // Whatever else is small enough still fits.
    if (this.name.startsWith('inbound_group_sessions')) throw new DOMException('full', 'QuotaExceededError');
    return put.apply(this, record);
  });
  await expect(device.encryption.encrypt(room, 'm.room.message', { body: 'Pegel 3,10' })).rejects.toThrow();
  full.mockRestore();
  const eventId = await device.send(room, 'Pegel 3,20');

  expect(await device.decrypt(room.roomId, eventId)).toMatchObject({ kind: 'clear', content: { body: 'Pegel 3,20' } });
});
