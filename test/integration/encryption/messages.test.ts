/** Messages between devices over a real homeserver: who can read them, and who cannot. */
import { afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { serverNameSchema } from '#contract/ids.ts';
import { accountSource, type AccountSource } from '#test/harness/encryption/accounts.ts';
import {
  encryptionRoom,
  signInDevice,
  stopDevices,
  untilReadable,
  type Device,
} from '#test/harness/encryption/device.ts';

let accounts: AccountSource;
beforeAll(async () => {
  accounts = await accountSource(inject('stackFile'), serverNameSchema.parse('land.hessen.test'));
});
afterEach(stopDevices);

/** A person at their first device, everything set up. */
async function newPerson(name: string): Promise<Device> {
  const device = await signInDevice(await accounts.newAccount(name));
  await device.encryption.setUp(device.account.password, null);
  return device;
}

describe('two people who have set up encryption', () => {
  test('read each other in both directions', async () => {
    const anna = await newPerson('anna');
    const ben = await newPerson('ben');
    const roomId = await accounts.newRoom([anna.session, ben.session]);
    const room = await encryptionRoom(anna.session, roomId);
    const toBen = await untilReadable(ben, roomId, await anna.send(room, 'Guten Morgen'));
    const toAnna = await untilReadable(anna, roomId, await ben.send(room, 'Moin'));
    expect(toBen).toMatchObject({ type: 'm.room.message', content: { body: 'Guten Morgen' }, shield: null });
    expect(toAnna).toMatchObject({ content: { body: 'Moin' }, shield: null });
  });
});
