/**
 * Keeps the session on this device, encrypted with a key that the browser holds and never hands out: a copy of the
 * database's files is worth nothing without this browser profile.
 */
import { z } from 'zod';
import type { SessionRecord, SessionStore } from '../engine/session-record.ts';
import { openRecords, type Records } from './database.ts';

const sealedSchema = z.object({ iv: z.instanceof(Uint8Array), data: z.instanceof(ArrayBuffer) });
const plainSchema = z.object({
  userId: z.string(),
  deviceId: z.string(),
  accessToken: z.string(),
  storageKey: z.array(z.number()).length(32),
});

export function sessionStore(databaseName: string): SessionStore {
  const records = openRecords(databaseName);
  return {
    async read() {
      const key = await records.get('key');
      const sealed = sealedSchema.safeParse(await records.get('session'));
      return key instanceof CryptoKey && sealed.success ? unseal(key, sealed.data) : null;
    },
    async write(record) {
      const key = await wrappingKey(records);
      await records.put('session', await seal(key, record));
    },
    clear: () => records.clear(),
  };
}

async function wrappingKey(records: Records): Promise<CryptoKey> {
  const known = await records.get('key');
  if (known instanceof CryptoKey) return known;
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  await records.put('key', key);
  return key;
}

async function seal(key: CryptoKey, record: SessionRecord): Promise<z.infer<typeof sealedSchema>> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify({ ...record, storageKey: [...record.storageKey] }));
  return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plain) };
}

/** Null if the record cannot be opened: then nobody is signed in here. */
async function unseal(key: CryptoKey, sealed: z.infer<typeof sealedSchema>): Promise<SessionRecord | null> {
  try {
    const iv = new Uint8Array(sealed.iv);
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed.data);
    const record = plainSchema.parse(JSON.parse(new TextDecoder().decode(plain)));
    return { ...record, storageKey: new Uint8Array(record.storageKey) };
  } catch {
    return null;
  }
}
