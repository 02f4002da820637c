/** How well the account and this device are prepared, asked anew at each change and told to whoever listens. */
import type { EncryptionStatus } from '../protocol.ts';
import { isSignedIn, publishedMasterKey, signedDeviceIds } from './own-identity.ts';
import type { Machine } from './open-machine.ts';
import { readSetUpRecord } from './set-up-record.ts';

export async function encryptionStatus(machine: Machine): Promise<EncryptionStatus> {
  const { crypto, userId, deviceId } = machine;
  const [state, deviceIds, backupVersion] = await Promise.all([
    stateOf(machine),
    signedDeviceIds(machine, userId),
    crypto.getActiveSessionBackupVersion(),
  ]);
  return {
    state,
    isBackupActive: backupVersion !== null,
    hasOtherDevices: deviceIds.some((id) => id !== deviceId),
  };
}

/** A set-up that broke off counts as missing: nobody was given a recovery code for it. */
async function stateOf(machine: Machine): Promise<EncryptionStatus['state']> {
  const [masterKey, record] = await Promise.all([publishedMasterKey(machine), readSetUpRecord(machine.accountData)]);
  if (masterKey === null || record?.isComplete === false) return 'missing';
  return (await isSignedIn(machine)) ? 'ready' : 'locked';
}
