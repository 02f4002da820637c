/**
 * What the engine keeps between two starts. Values are plain data; implementations encrypt them before they touch
 * the disk and give back what was stored, or nothing where it cannot be read any more (older form, damaged).
 * Keys are not encrypted by themselves: an implementation hides identifiers in them.
 */
export interface Storage {
  /** False: what is stored is gone when the engine ends. */
  readonly isKept: boolean;
  table(name: TableName): Table;
  /** Writes and deletes of several tables as one. */
  write(changes: readonly StorageChange[]): Promise<void>;
  /** Forgets everything, keys included. */
  destroy(): Promise<void>;
}

export type TableName = 'values' | 'rooms' | 'timelines' | 'members' | 'rosters' | 'outbox' | 'files';

interface Table {
  get(key: string): Promise<unknown>;
  /** All values, in no order. */
  all(): Promise<readonly unknown[]>;
}

export type StorageChange =
  | { readonly table: TableName; readonly key: string; readonly value: unknown }
  | { readonly table: TableName; readonly key: string; readonly isDeleted: true };
