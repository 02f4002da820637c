/** Which Matrix room stands for which address. Only what stands here is ever changed. */
import type { Kysely, Transaction } from 'kysely';
import { roomIdSchema, type RoomId } from '#contract/ids.ts';
import type { Database } from '#appservice/store/schema.ts';

export type Inventory = ReadonlyMap<string, RoomId>;

export interface InventoryEntry {
  readonly address: string;
  readonly roomId: RoomId;
  readonly class: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export async function readInventory(database: Kysely<Database>): Promise<Inventory> {
  const rows = await database.selectFrom('room').select(['address', 'room_id']).execute();
  return new Map(rows.map((row) => [row.address, roomIdSchema.parse(row.room_id)]));
}

/** Notes a room; replaces an entry whose room the homeserver no longer has. */
export async function recordRoom(transaction: Transaction<Database>, entry: InventoryEntry): Promise<void> {
  const { address, roomId, class: roomClass, at } = entry;
  await transaction
    .insertInto('room')
    .values({ address, room_id: roomId, class: roomClass, created_at: at })
    .onConflict((conflict) => conflict.column('address').doUpdateSet({ room_id: roomId, class: roomClass }))
    .execute();
}
