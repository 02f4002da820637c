/**
 * Makes everything an account needs to read everywhere, in one step: identity, secret storage, key backup, dehydrated
 * device. Each part is made only where it is missing, so a run that broke off is completed by the next one.
 */
import { MatrixError } from 'matrix-js-sdk/lib/http-api/index.js';
import type { AuthDict, UIAuthCallback } from 'matrix-js-sdk/lib/interactive-auth.js';
import { FailureError } from '../failures.ts';
import { holdsIdentity, refreshOwnIdentity, signOwnDevice } from './own-identity.ts';
import type { Machine } from './open-machine.ts';
import { firstSignInAt, readSetUpRecord, writeSetUpRecord, type SetUpRecord } from './set-up-record.ts';

/**
 * A run that is complete gives a new recovery code each time. An account whose identity this device does not hold gets
 * a new one, which other people see as changed.
 * @param password goes to the homeserver, to authorise the identity; so it must not be the passphrase
 */
export async function setUp(machine: Machine, password: string, passphrase: string | null): Promise<string> {
  if (passphrase === password) throw new FailureError({ kind: 'refused' });
  const { crypto, accountData, unlockedKey } = machine;
  const record = await beginSetUp(machine, password);
  const recovery = await crypto.createRecoveryKeyFromPassphrase(passphrase ?? undefined);
  await unlockedKey.during(async () => {
    await crypto.bootstrapSecretStorage({
      setupNewSecretStorage: true,
      createSecretStorageKey: () => Promise.resolve(recovery),
    });
    await ensureBackup(machine);
    await renewDehydratedDevice(machine);
  });
  await writeSetUpRecord(accountData, { ...record, isComplete: true });
  await refreshOwnIdentity(machine);
  return recovery.encodedPrivateKey ?? '';
}

/** From here on the set-up counts as broken off until it is complete. */
async function beginSetUp(machine: Machine, password: string): Promise<SetUpRecord> {
  const { accountData } = machine;
  const before = await readSetUpRecord(accountData);
  const record = { isComplete: false, firstSignInAt: await firstSignInAt(machine) };
  await writeSetUpRecord(accountData, record);
  if (await holdsIdentity(machine)) {
    // The run before may have broken off between the identity and its signature on this device.
    await signOwnDevice(machine);
    return record;
  }
  try {
    await publishIdentity(machine, password);
  } catch (error) {
    if (before) await writeSetUpRecord(accountData, before);
    throw error;
  }
  return record;
}

async function publishIdentity({ olm, outgoing, userId }: Machine, password: string): Promise<void> {
  const requests = await olm.bootstrapCrossSigning(true);
  const { uploadKeysRequest: deviceKeys, uploadSigningKeysRequest: identity, uploadSignaturesRequest: own } = requests;
  const { outgoingRequestProcessor: processor } = outgoing;
  if (deviceKeys) await processor.makeOutgoingRequest(deviceKeys);
  await processor.makeOutgoingRequest(identity, byPassword(userId, password));
  await processor.makeOutgoingRequest(own);
}

/** Client-server API, "User-interactive authentication": the homeserver asks first, unless it has just been told. */
function byPassword(userId: string, password: string): UIAuthCallback<void> {
  return async (request) => {
    try {
      return await request(null);
    } catch (error) {
      if (!(error instanceof MatrixError) || error.httpStatus !== 401) throw error;
      return await request(passwordProof(userId, password, error.data['session']));
    }
  };
}

function passwordProof(userId: string, password: string, session: unknown): AuthDict {
  const identifier = { type: 'm.id.user', user: userId };
  return { type: 'm.login.password', identifier, password, ...(typeof session === 'string' && { session }) };
}

/** Replaces the backup unless this device can read it: what nobody can read is of no use to anybody. */
export async function ensureBackup({ crypto }: Machine): Promise<void> {
  const info = await crypto.getKeyBackupInfo();
  const isOwn = info !== null && (await crypto.isKeyBackupTrusted(info)).matchesDecryptionKey;
  if (!isOwn) await crypto.resetKeyBackup();
}

async function renewDehydratedDevice({ crypto }: Machine): Promise<void> {
  if (await crypto.isDehydrationSupported()) await crypto.startDehydration({ createNewKey: true, rehydrate: false });
}
