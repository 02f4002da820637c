import { z } from 'zod';
import { storedValue, type StoredValue } from '../storage/values.ts';
import type { Storage } from '../storage/storage.ts';

const storageKeyBytes = 32;

const sessionRecordSchema = z.object({
  userId: z.string(),
  deviceId: z.string(),
  accessToken: z.string(),
  /** Null: the access token does not run out. */
  refreshToken: z.string().nullable(),
  /** Random bytes that encrypt the SDK's store of message keys. */
  storageKey: z.array(z.int().min(0).max(255)).length(storageKeyBytes),
  isSharedComputer: z.boolean(),
});

/** What a device keeps of its session between two visits. */
export type SessionRecord = z.infer<typeof sessionRecordSchema>;

export function sessionRecord(storage: Storage): StoredValue<SessionRecord> {
  return storedValue(storage, 'session', sessionRecordSchema);
}

export function newStorageKey(): number[] {
  return [...crypto.getRandomValues(new Uint8Array(storageKeyBytes))];
}

/** One set of databases per device: another person at the same computer never meets them. */
export function cryptoDatabasePrefix({ deviceId }: Pick<SessionRecord, 'deviceId'>): string {
  return `landbote-${deviceId}`;
}
