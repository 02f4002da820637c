import type { z } from 'zod';
import type { Storage } from './storage.ts';

/** One stored value with a shape. What does not have it (an older form) counts as absent. */
export interface StoredValue<T> {
  read(): Promise<T | null>;
  write(value: T): Promise<void>;
  clear(): Promise<void>;
}

export function storedValue<T>(storage: Storage, key: string, schema: z.ZodType<T>): StoredValue<T> {
  return {
    async read() {
      const parsed = schema.safeParse(await storage.table('values').get(key));
      return parsed.success ? parsed.data : null;
    },
    write: (value) => storage.write([{ table: 'values', key, value }]),
    clear: () => storage.write([{ table: 'values', key, isDeleted: true }]),
  };
}
