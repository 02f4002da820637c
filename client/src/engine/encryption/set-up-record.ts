/**
 * What the account remembers of its own set-up, as account data: whether the last one was finished, and since when the
 * person has been signed in at all. Nothing in it is secret, and nothing is decided by it that protects a message.
 */
import { z } from 'zod';
import type { AccountData } from './account-data.ts';
import type { Machine } from './open-machine.ts';
import { publishedMasterKey } from './own-identity.ts';

const recordType = 'de.landbote.encryption';

const recordSchema = z.object({
  is_complete: z.boolean(),
  /** Milliseconds since the epoch. */
  first_sign_in_at: z.number().nonnegative(),
});

export interface SetUpRecord {
  readonly isComplete: boolean;
  readonly firstSignInAt: number;
}

/** Null: never set up by this client; perhaps by another one. */
export async function readSetUpRecord(data: AccountData): Promise<SetUpRecord | null> {
  const record = recordSchema.safeParse(await data.read(recordType)).data;
  return record ? { isComplete: record.is_complete, firstSignInAt: record.first_sign_in_at } : null;
}

export async function writeSetUpRecord(data: AccountData, { isComplete, firstSignInAt }: SetUpRecord): Promise<void> {
  await data.write(recordType, { is_complete: isComplete, first_sign_in_at: firstSignInAt });
}

/** When the person's first device got its keys. 0 for an account that another client set up: that is not known. */
export async function firstSignInAt(machine: Machine): Promise<number> {
  const [masterKey, record] = await Promise.all([publishedMasterKey(machine), readSetUpRecord(machine.accountData)]);
  return record?.firstSignInAt ?? (masterKey === null ? machine.olm.deviceCreationTimeMs : 0);
}
