/** Gives a room's key to the devices that may read its next message. */
import {
  CollectStrategy,
  EncryptionAlgorithm,
  EncryptionSettings,
  HistoryVisibility,
  RoomId,
  type OlmMachine,
  UserId,
} from '@matrix-org/matrix-sdk-crypto-wasm';
import { LogSpan } from 'matrix-js-sdk/lib/logger.js';
import type { EncryptionRoom } from './encryption.ts';
import type { Machine } from './open-machine.ts';
import { quietLogger } from './quiet-log.ts';
import { rotationOf } from './rotation.ts';

const visibilities: ReadonlyMap<string, HistoryVisibility> = new Map([
  ['invited', HistoryVisibility.Invited],
  ['joined', HistoryVisibility.Joined],
  ['shared', HistoryVisibility.Shared],
  ['world_readable', HistoryVisibility.WorldReadable],
]);

/** The SDK makes a new key first if one of those who had the old one is not among the recipients any more. */
export async function shareRoomKey(
  { keyClaims, olm, outgoing }: Machine,
  room: EncryptionRoom,
  recipientIds: readonly string[],
): Promise<void> {
  // The SDK takes the ids over, so each call needs its own.
  const userIds = (): UserId[] => recipientIds.map((userId) => new UserId(userId));
  await keyClaims.ensureSessionsForUsers(new LogSpan(quietLogger, 'share'), userIds());
  const requests = await olm
    .shareRoomKey(new RoomId(room.roomId), userIds(), settingsOf(room))
    .catch((error: unknown) => withoutUnstoredKey(olm, room.roomId, error));
  for (const request of requests) await outgoing.outgoingRequestProcessor.makeOutgoingRequest(request);
}

/**
 * The SDK would go on with a key that it could not store, and its owner could never read what was written with it. The next
 * message gets a new one.
 */
async function withoutUnstoredKey(olm: OlmMachine, roomId: string, error: unknown): Promise<never> {
  // The key is out of use before that, too, is to be stored, which may fail for the same reason.
  await olm.invalidateGroupSession(new RoomId(roomId)).catch(() => undefined);
  throw error;
}

function settingsOf(room: EncryptionRoom): EncryptionSettings {
  const rotation = rotationOf(room.settings);
  const settings = new EncryptionSettings();
  settings.algorithm = EncryptionAlgorithm.MegolmV1AesSha2;
  settings.historyVisibility = visibilities.get(room.historyVisibility) ?? HistoryVisibility.Joined;
  settings.rotationPeriod = BigInt(rotation.periodMs * 1000);
  settings.rotationPeriodMessages = BigInt(rotation.messages);
  // Devices that their owner has not signed get nothing, whoever put them on the account.
  settings.sharingStrategy = CollectStrategy.identityBasedStrategy();
  return settings;
}
