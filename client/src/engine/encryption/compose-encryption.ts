/** End-to-end encryption, composed around the SDK's opened machine. */
import { CryptoEvent } from 'matrix-js-sdk/lib/crypto-api/CryptoEvent.js';
import { decryptAttachment, encryptAttachment } from './attachments.ts';
import { EventDecryption } from './decrypt-event.ts';
import type { Encryption, EncryptionEvents, EncryptionRoom } from './encryption.ts';
import { encryptionStatus } from './encryption-status.ts';
import { Identities } from './identities.ts';
import type { Machine } from './open-machine.ts';
import { receiveChanges } from './receive-changes.ts';
import { recover } from './recover.ts';
import { RefusedSenders } from './refused-senders.ts';
import { RoomEncryption } from './room-encryption.ts';
import { withEngineErrors } from './sdk-failures.ts';
import { firstSignInAt } from './set-up-record.ts';
import { setUp } from './set-up.ts';
import { StorageFullError } from '../storage/storage-full.ts';
import { isPassing } from '../failures.ts';
import { StatusReport } from './status-report.ts';
import { Verifications } from './verification.ts';
import { watchKeys } from './watch-keys.ts';

export function composeEncryption(machine: Machine, events: EncryptionEvents): Encryption {
  const identities = new Identities(machine);
  const verification = new Verifications(machine, identities, (state) => events.onVerification(state));
  const report = new StatusReport(() => encryptionStatus(machine), events.onStatus);
  const rooms = new Map<string, RoomEncryption>();
  const times = { deviceCreatedAt: machine.olm.deviceCreationTimeMs, firstSignInAt: 0 };
  const refused = new RefusedSenders(events.onKeys);
  const decryption = new EventDecryption(machine, identities, times, refused);
  let hasReceived = false;

  watchKeys(machine, events.onKeys);
  machine.crypto.on(CryptoEvent.UserTrustStatusChanged, (userId) => {
    identities.forget([userId]);
    events.onIdentities([userId]);
    if (userId === machine.userId) report.refresh();
  });
  machine.crypto.on(CryptoEvent.DevicesUpdated, (userIds) => {
    refused.devicesUpdated(userIds);
    if (userIds.includes(machine.userId)) report.refresh();
  });
  machine.crypto.on(CryptoEvent.KeyBackupStatus, () => report.refresh());

  function room({ roomId }: EncryptionRoom): RoomEncryption {
    const known = rooms.get(roomId) ?? new RoomEncryption(machine, identities);
    rooms.set(roomId, known);
    return known;
  }

  /** What needs the homeserver once at the start, and can do without it. */
  async function askOnce(): Promise<void> {
    report.refresh();
    times.firstSignInAt = await firstSignInAt(machine).catch(() => 0);
  }

  /** In the engine's words. For a key store that is full the SDK has none. */
  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await withEngineErrors(work);
    } catch (error) {
      if (isPassing(error) || (await events.hasRoom())) throw error;
      throw new StorageFullError('no room for keys', { cause: error });
    }
  }

  return {
    encryptAttachment,
    decryptAttachment,
    verification,
    async receive(changes) {
      verification.received(await guarded(() => receiveChanges(machine, identities, changes)));
      if (!hasReceived) void askOnce();
      hasReceived = true;
    },
    decrypt: (roomId, event) => decryption.decrypt(roomId, event),
    encrypt: (target, type, content) => guarded(() => room(target).encrypt(target, type, content)),
    prepare: (target) => guarded(() => room(target).prepare(target)),
    trustOf: (userIds) => identities.trustOf(userIds),
    async identityChanges(userIds) {
      return (await identities.changed(userIds)).map(({ userId }) => userId);
    },
    acceptIdentity: (userId) => guarded(() => identities.accept(userId)),
    status: () => guarded(() => encryptionStatus(machine)),
    async setUp(password, passphrase) {
      const recoveryCode = await guarded(() => setUp(machine, password, passphrase));
      report.refresh();
      return { recoveryCode };
    },
    async recover(codeOrPassphrase) {
      await guarded(() => recover(machine, codeOrPassphrase));
      report.refresh();
    },
    stop() {
      report.stop();
      machine.crypto.stop();
    },
  };
}
