/** Makes this device one of the account's own by the recovery code or passphrase, and fetches what it missed. */
import { deriveRecoveryKeyFromPassphrase } from 'matrix-js-sdk/lib/crypto-api/key-passphrase.js';
import { decodeRecoveryKey } from 'matrix-js-sdk/lib/crypto-api/recovery-key.js';
import type { SecretStorageKeyDescription } from 'matrix-js-sdk/lib/secret-storage.js';
import { FailureError } from '../failures.ts';
import { refreshOwnIdentity } from './own-identity.ts';
import type { Machine } from './open-machine.ts';
import { ensureBackup } from './set-up.ts';

type Key = Uint8Array<ArrayBuffer>;

/** @throws FailureError `wrong-recovery-code`; `not-found` if the account has no secret storage. */
export async function recover(machine: Machine, codeOrPassphrase: string): Promise<void> {
  const { crypto, secretStorage, unlockedKey } = machine;
  const stored = await secretStorage.getKey();
  if (!stored) throw new FailureError({ kind: 'not-found' });
  const [keyId, description] = stored;
  const key = await openingKey(machine, codeOrPassphrase.trim(), description);
  await unlockedKey.during(
    async () => {
      // The SDK takes private keys only for an identity that it has seen published.
      await refreshOwnIdentity(machine);
      await crypto.bootstrapCrossSigning({});
      await restoreBackup(machine);
      // Reads what came for the account while nobody was signed in, then leaves a new device for the next time.
      if (await crypto.isDehydrationSupported()) await crypto.startDehydration();
    },
    { keyId, key },
  );
  await refreshOwnIdentity(machine);
}

async function openingKey(
  { secretStorage }: Machine,
  input: string,
  description: SecretStorageKeyDescription,
): Promise<Key> {
  for (const key of [fromCode(input), await fromPassphrase(input, description)]) {
    if (key !== null && (await secretStorage.checkKey(key, description))) return key;
  }
  throw new FailureError({ kind: 'wrong-recovery-code' });
}

/** Null for what is no recovery code: the SDK checks its parity byte. */
function fromCode(input: string): Key | null {
  try {
    return decodeRecoveryKey(input);
  } catch {
    return null;
  }
}

async function fromPassphrase(input: string, { passphrase }: SecretStorageKeyDescription): Promise<Key | null> {
  if (!passphrase) return null;
  return deriveRecoveryKeyFromPassphrase(input, passphrase.salt, passphrase.iterations, passphrase.bits);
}

async function restoreBackup(machine: Machine): Promise<void> {
  const { crypto, secretStorage } = machine;
  if (!(await secretStorage.isStored('m.megolm_backup.v1'))) return ensureBackup(machine);
  await crypto.loadSessionBackupPrivateKeyFromSecretStorage();
  await crypto.checkKeyBackupAndEnable();
  await crypto.restoreKeyBackup();
}
