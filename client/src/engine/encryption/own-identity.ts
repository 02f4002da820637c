/** The own cross-signing identity as the homeserver publishes it, and how this device stands to it. */
import { DeviceId, OwnUserIdentity, UserId } from '@matrix-org/matrix-sdk-crypto-wasm';
import { Method } from 'matrix-js-sdk/lib/http-api/index.js';
import { z } from 'zod';
import type { Machine } from './open-machine.ts';

const publishedSchema = z.object({
  master_keys: z.record(z.string(), z.object({ keys: z.record(z.string(), z.string()) })).default({}),
});

/** Null: the account has no identity yet. */
export async function publishedMasterKey({ http, userId }: Machine): Promise<string | null> {
  const query = { device_keys: { [userId]: [] } };
  const answer: unknown = await http.authedRequest(Method.Post, '/keys/query', undefined, query);
  const keys = publishedSchema.parse(answer).master_keys[userId]?.keys ?? {};
  return Object.values(keys)[0] ?? null;
}

/** True if this device holds the private keys of the published identity. */
export async function holdsIdentity(machine: Machine): Promise<boolean> {
  const masterKey = await publishedMasterKey(machine);
  return masterKey !== null && (await machine.crypto.getCrossSigningKeyId()) === masterKey;
}

/** True if the identity is known to be the person's own, and has signed this device. */
export async function isSignedIn({ olm, userId, deviceId }: Machine): Promise<boolean> {
  const identity = await olm.getIdentity(new UserId(userId));
  if (!(identity instanceof OwnUserIdentity) || !identity.isVerified()) return false;
  const device = await olm.getDevice(new UserId(userId), new DeviceId(deviceId));
  return device?.isCrossSignedByOwner() ?? false;
}

/** Takes in what the homeserver publishes of the own identity and devices, without waiting for sync to tell of it. */
export async function refreshOwnIdentity({ crypto, userId }: Machine): Promise<void> {
  await crypto.userHasCrossSigningKeys(userId, true);
}

/** Signs this device with the identity whose keys it holds. */
export async function signOwnDevice({ olm, outgoing, userId, deviceId }: Machine): Promise<void> {
  const device = await olm.getDevice(new UserId(userId), new DeviceId(deviceId));
  if (device) await outgoing.outgoingRequestProcessor.makeOutgoingRequest(await device.verify());
}

/** The devices of a person that can take part in a verification: signed by their owner, and used by somebody. */
export async function signedDeviceIds({ olm }: Machine, userId: string): Promise<readonly string[]> {
  const devices = (await olm.getUserDevices(new UserId(userId))).devices();
  return devices
    .filter((device) => device.isCrossSignedByOwner() && !device.isDehydrated)
    .map((device) => device.deviceId.toString());
}
