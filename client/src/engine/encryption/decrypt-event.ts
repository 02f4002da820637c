/** Decrypts events of rooms, or says why they cannot be read. */
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
import type { Identities } from './identities.ts';
import type { Machine } from './open-machine.ts';
import type { RefusedSenders } from './refused-senders.ts';
import { reasonOf, type SignInTimes } from './unreadable-reason.ts';

const clearEventSchema = z.object({ type: z.string(), content: z.record(z.string(), z.unknown()) });
const megolmContentSchema = z.object({ session_id: z.string() });

export class EventDecryption {
  readonly #machine: Machine;
  readonly #identities: Identities;
  readonly #times: SignInTimes;
  readonly #refused: RefusedSenders;

  constructor(machine: Machine, identities: Identities, times: SignInTimes, refused: RefusedSenders) {
    this.#machine = machine;
    this.#identities = identities;
    this.#times = times;
    this.#refused = refused;
  }

  async decrypt(roomId: string, event: RawEvent): Promise<Decryption> {
    const sessionId = megolmContentSchema.safeParse(event.content).data?.session_id ?? null;
    try {
      return await this.#knowingTheSender(event.sender, () => this.#attempt(roomId, event));
    } catch (error) {
      if (!(error instanceof MegolmDecryptionError)) return unreadable('broken', sessionId);
      if (sessionId !== null) this.#repair(error, roomId, sessionId, event.sender);
      return unreadable(reasonOf(error, event.origin_server_ts, this.#times), sessionId);
    }
  }

  /** Whose device it is can be told only once the sender's identity was asked for: at their first message. */
  async #knowingTheSender(sender: string, attempt: () => Promise<Decryption>): Promise<Decryption> {
    try {
      return await attempt();
    } catch (error) {
      if (!isSenderUnknown(error) || this.#identities.isTracked(sender)) throw error;
      await this.#identities.track([sender]);
      return await attempt();
    }
  }

  async #attempt(roomId: string, event: RawEvent): Promise<Decryption> {
    try {
      // What a device signed by nobody sends is refused: nothing but the homeserver's word says whose device it is.
      return clear(await this.#decrypted(roomId, event, TrustRequirement.CrossSignedOrLegacy));
    } catch (error) {
      const restored = hasCode(error, DecryptionErrorCode.UnknownSenderDevice)
        ? await this.#restored(roomId, event)
        : null;
      if (restored === null) throw error;
      return restored;
    }
  }

  /**
   * What was encrypted with a key from the backup is shown, marked, as long as nothing is known of the sender's devices;
   * once it is, the SDK forgets that the key came from there and refuses it for good (matrix-rust-sdk#5018).
   * @returns null if the key came otherwise: then the sender can be proven, and has to be.
   */
  async #restored(roomId: string, event: RawEvent): Promise<Decryption | null> {
    const decrypted = await this.#decrypted(roomId, event, TrustRequirement.Untrusted);
    const { code } = decrypted.shieldState(false);
    return code === ShieldStateCode.AuthenticityNotGuaranteed ? clear(decrypted) : null;
  }

  #decrypted(roomId: string, event: RawEvent, required: TrustRequirement): Promise<DecryptedRoomEvent> {
    const { olm } = this.#machine;
    return olm.decryptRoomEvent(JSON.stringify(event), new RoomId(roomId), new DecryptionSettings(required));
  }

  /** In the background: what comes of it is told as keys that have come in. */
  #repair(error: MegolmDecryptionError, roomId: string, sessionId: string, sender: string): void {
    if (isSenderUnknown(error)) this.#refused.add(sender, roomId, sessionId);
    if (isKeyMissing(error)) this.#machine.backupDownloads.onDecryptionKeyMissingError(roomId, sessionId);
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

function isSenderUnknown(error: unknown): boolean {
  return (
    hasCode(error, DecryptionErrorCode.UnknownSenderDevice) || hasCode(error, DecryptionErrorCode.UnsignedSenderDevice)
  );
}

function hasCode(error: unknown, code: DecryptionErrorCode): boolean {
  return error instanceof MegolmDecryptionError && error.code === code;
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
