/**
 * Hands what the encryption connection brings to the Rust cryptography. Past the SDK's own step of the same purpose: it
 * passes on parts of messages unchecked, and a number where it takes a string for granted breaks the whole machine.
 */
import {
  DeviceLists,
  ProcessedToDeviceEventType,
  UserId,
  type ProcessedToDeviceEvent,
} from '@matrix-org/matrix-sdk-crypto-wasm';
import type { VerificationRequest } from 'matrix-js-sdk/lib/crypto-api/verification.js';
import type { RustCrypto } from 'matrix-js-sdk/lib/rust-crypto/rust-crypto.js';
import { z } from 'zod';
import type { EncryptionChanges } from './encryption.ts';
import type { Identities } from './identities.ts';
import type { Machine } from './open-machine.ts';

const userIdPattern = /^@[^:]*:.+$/;

/** One malformed message must not keep the ones beside it from coming in, now and at every later try. */
const toDeviceEventSchema = z.looseObject({
  type: z.string(),
  sender: z.string().regex(userIdPattern),
  content: z.record(z.string(), z.unknown()),
});
const verificationRequestSchema = toDeviceEventSchema.extend({
  type: z.literal('m.key.verification.request'),
  content: z.looseObject({ transaction_id: z.string() }),
});

/** Settles when every key in it is stored. @returns what asks to be verified. */
export async function receiveChanges(
  { crypto, olm }: Machine,
  identities: Identities,
  changes: EncryptionChanges,
): Promise<readonly VerificationRequest[]> {
  const events = changes.toDeviceEvents.flatMap((event) => toDeviceEventSchema.safeParse(event).data ?? []);
  // A request from a device that nobody has asked about yet would be dropped.
  await identities.track(events.flatMap((event) => verificationRequestSchema.safeParse(event).data?.sender ?? []));
  if (changes.isFirst) await crypto.markAllTrackedUsersAsDirty();
  const processed = await olm.receiveSyncChangesMsc4186(
    JSON.stringify(events),
    new DeviceLists(userIds(changes.deviceLists.changed), userIds(changes.deviceLists.left)),
    new Map(Object.entries(changes.oneTimeKeyCounts ?? {})),
    changes.unusedFallbackKeys && new Set(changes.unusedFallbackKeys),
  );
  identities.forget(changes.isFirst ? null : changes.deviceLists.changed);
  crypto.onSyncCompleted({});
  return processed.flatMap((message) => requestIn(crypto, message));
}

function userIds(values: readonly string[]): UserId[] {
  return values.filter((value) => userIdPattern.test(value)).map((value) => new UserId(value));
}

/** Sent in the clear or between devices; what could not be decrypted asks for nothing. */
function requestIn(crypto: RustCrypto, { type, rawEvent }: ProcessedToDeviceEvent): readonly VerificationRequest[] {
  const { Decrypted, PlainText } = ProcessedToDeviceEventType;
  if (type !== Decrypted && type !== PlainText) return [];
  const event = verificationRequestSchema.safeParse(JSON.parse(rawEvent)).data;
  if (event === undefined) return [];
  const inProgress = crypto.getVerificationRequestsToDeviceInProgress(event.sender);
  return inProgress.filter(({ transactionId }) => transactionId === event.content.transaction_id);
}
