/** People of these tests: fresh accounts at land.hessen.test, at their first device, with everything set up. */
import { inject } from 'vitest';
import { serverNameSchema, type RoomId } from '#contract/ids.ts';
import { accountSource, type AccountSource } from '#test/harness/encryption/accounts.ts';
import { encryptionRoom, signInDevice, type Device } from '#test/harness/encryption/device.ts';
import type { EncryptionRoom } from '../../../client/src/engine/encryption/encryption.ts';

export interface Person {
  readonly device: Device;
  readonly recoveryCode: string;
}

export function accounts(): Promise<AccountSource> {
  return accountSource(inject('stackFile'), serverNameSchema.parse('land.hessen.test'));
}

export async function newPerson(name: string, passphrase: string | null = null): Promise<Person> {
  const device = await signInDevice(await (await accounts()).newAccount(name));
  const { recoveryCode } = await device.encryption.setUp(device.account.password, passphrase);
  return { device, recoveryCode };
}

/** The room as its first member sees it. */
export async function roomOf(
  devices: readonly [Device, ...Device[]],
  isDirect = false,
): Promise<EncryptionRoom & { readonly roomId: RoomId }> {
  const roomId = await (await accounts()).newRoom(devices.map(({ session }) => session));
  return { ...(await encryptionRoom(devices[0].session, roomId, isDirect)), roomId };
}

/** What the observer thinks of the other person's identity. */
export async function trustIn(observer: Device, { account }: Device) {
  return (await observer.encryption.trustOf([account.userId])).get(account.userId);
}
