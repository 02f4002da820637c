/** Decrypts one event of a room, or says why it cannot be read. */
import {
  DecryptionErrorCode,
  DecryptionSettings,
  MegolmDecryptionError,
  RoomId,
  ShieldStateCode,
  TrustRequirement,
  type DecryptedRoomEvent,
} from '@matrix-org/matrix-sdk-crypto-wasm';
import { z } from 'zod';
import type { RawEvent } from '../matrix/raw-event.ts';
import type { Shield, UnreadableReason } from '../protocol.ts';
import type { Decryption } from './encryption.ts';
import type { Machine } from './open-machine.ts';
import { reasonOf, type SignInTimes } from './unreadable-reason.ts';

const clearEventSchema = z.object({ type: z.string(), content: z.record(z.string(), z.unknown()) });
const megolmContentSchema = z.object({ session_id: z.string() });

export async function decryptEvent(
  machine: Machine,
  times: SignInTimes,
  roomId: string,
  event: RawEvent,
): Promise<Decryption> {
  const sessionId = megolmContentSchema.safeParse(event.content).data?.session_id ?? null;
  try {
    // What a device signed by nobody sends is refused: nothing but the homeserver's word says whose device it is.
    const settings = new DecryptionSettings(TrustRequirement.CrossSignedOrLegacy);
    return clear(await machine.olm.decryptRoomEvent(JSON.stringify(event), new RoomId(roomId), settings));
  } catch (error) {
    if (!(error instanceof MegolmDecryptionError)) return unreadable('broken', sessionId);
    if (isKeyMissing(error) && sessionId !== null) askBackup(machine, roomId, sessionId);
    return unreadable(reasonOf(error, event.origin_server_ts, times), sessionId);
  }
}

function clear(decrypted: DecryptedRoomEvent): Decryption {
  const { code } = decrypted.shieldState(false);
  if (code === ShieldStateCode.MismatchedSender) return unreadable('sender-mismatch', null);
  const { type, content } = clearEventSchema.parse(JSON.parse(decrypted.event));
  return { kind: 'clear', type, content, shield: shieldOf(code) };
}

function unreadable(reason: UnreadableReason, sessionId: string | null): Decryption {
  return { kind: 'unreadable', reason, sessionId };
}

function isKeyMissing({ code }: MegolmDecryptionError): boolean {
  return code === DecryptionErrorCode.MissingRoomKey || code === DecryptionErrorCode.UnknownMessageIndex;
}

/** In the background; if the key is there it comes in like any other. */
function askBackup({ backupDownloads }: Machine, roomId: string, sessionId: string): void {
  backupDownloads.onDecryptionKeyMissingError(roomId, sessionId);
}

function shieldOf(code: ShieldStateCode | undefined): Shield | null {
  switch (code) {
    case ShieldStateCode.AuthenticityNotGuaranteed:
      return 'authenticity-unknown';
    case ShieldStateCode.UnknownDevice:
    case ShieldStateCode.UnsignedDevice:
      return 'unverified-device';
    case ShieldStateCode.VerificationViolation:
      return 'identity-changed';
    default:
      return null;
  }
}
