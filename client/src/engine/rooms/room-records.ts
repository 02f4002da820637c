import type { Storage, StorageChange } from '../storage/storage.ts';
import { emptyRecord, roomRecordSchema, type RoomRecord } from './room-record.ts';

/** All rooms in memory, and which of them have yet to be stored. */
export class RoomRecords {
  readonly #records = new Map<string, RoomRecord>();
  readonly #unstored = new Set<string>();

  /** Damaged records, and those of an older form, count as absent: the sync brings the room again. */
  async restore(storage: Storage): Promise<{ readonly isComplete: boolean }> {
    const values = await storage.table('rooms').all();
    for (const value of values) {
      const record = roomRecordSchema.safeParse(value).data;
      if (record) this.#records.set(record.roomId, record);
    }
    return { isComplete: this.#records.size === values.length };
  }

  get(roomId: string): RoomRecord | null {
    return this.#records.get(roomId) ?? null;
  }

  all(): readonly RoomRecord[] {
    return [...this.#records.values()];
  }

  /** From now on the room is known. */
  begin(roomId: string): void {
    if (!this.#records.has(roomId)) this.#records.set(roomId, emptyRecord(roomId));
  }

  /** Work that goes on while a room is left does not bring it back. @returns whether it is different from before. */
  update(roomId: string, change: (record: RoomRecord) => RoomRecord): boolean {
    const before = this.#records.get(roomId);
    if (!before) return false;
    const after = change(before);
    if (after === before) return false;
    this.#records.set(roomId, after);
    this.#unstored.add(roomId);
    return true;
  }

  remove(roomId: string): void {
    this.#records.delete(roomId);
    this.#unstored.add(roomId);
  }

  /** Call `confirm` when it is written; until then the next changes contain these. */
  changes(): { readonly changes: readonly StorageChange[]; confirm(): void } {
    const written = [...this.#unstored].map((roomId) => [roomId, this.get(roomId)] as const);
    const changes = written.map(([key, value]): StorageChange =>
      value ? { table: 'rooms', key, value } : { table: 'rooms', key, isDeleted: true },
    );
    const confirm = (): void => {
      for (const [roomId, record] of written) if (this.get(roomId) === record) this.#unstored.delete(roomId);
    };
    return { changes, confirm };
  }
}
