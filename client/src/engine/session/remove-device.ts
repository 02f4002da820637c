import type { HomeserverApi } from '../matrix/homeserver-api.ts';

/**
 * Takes one of the person's devices off the account, its keys included (client-server API, "Device management").
 * @param password authorises it
 * @throws HomeserverError; UnreachableError
 */
export async function removeDevice(
  api: HomeserverApi,
  userId: string,
  deviceId: string,
  password: string,
): Promise<void> {
  const auth = { type: 'm.login.password', identifier: { type: 'm.id.user', user: userId }, password };
  await api.request('POST', '/_matrix/client/v3/delete_devices', { body: { devices: [deviceId], auth } });
}
