/** Whom moderators have put out of which rooms, and nobody has let in again. */
import type { Kysely, Transaction } from 'kysely';
import { userIdSchema, type UserId } from '#contract/ids.ts';
import type { Database } from '#appservice/store/schema.ts';
import type { Removals } from '../reconciler/desired-state.ts';

interface Removal {
  readonly address: string;
  readonly userId: UserId;
}

export async function readRemovals(database: Kysely<Database>): Promise<Removals> {
  const rows = await database.selectFrom('removal').selectAll().execute();
  const byAddress = Map.groupBy(rows, ({ address }) => address);
  return new Map([...byAddress].map(([address, those]) => [address, new Set(those.map(personOf))]));
}

function personOf({ user_id: userId }: { readonly user_id: string }): UserId {
  return userIdSchema.parse(userId);
}

export async function noteRemoval(transaction: Transaction<Database>, { address, userId }: Removal): Promise<void> {
  await transaction
    .insertInto('removal')
    .values({ address, user_id: userId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function forgetRemoval(transaction: Transaction<Database>, { address, userId }: Removal): Promise<void> {
  await transaction.deleteFrom('removal').where('address', '=', address).where('user_id', '=', userId).execute();
}
