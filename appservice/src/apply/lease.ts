/**
 * Which of several instances on one database leads. Only the leader changes rooms. The clock that counts is the
 * database's, so instances whose clocks differ agree; each change asks once more before it is sent (`requireHeld`).
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { sql, type RawBuilder, type Transaction } from 'kysely';
import type { Store } from '#appservice/store/open-store.ts';
import type { Database } from '#appservice/store/schema.ts';

export interface Lease {
  /** Aborted when another instance leads. Whoever held the lease must end. */
  readonly lost: AbortSignal;
  /** Throws if this instance does not lead any more. */
  requireHeld(transaction: Transaction<Database>): Promise<void>;
  /** Lets another instance lead at once. */
  release(): Promise<void>;
}

/** How long an instance that was killed still counts as the leader. Takeover takes at most this and one renewal. */
const leaseMs = 6_000;
const renewMs = 2_000;
const name = 'leader';

export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';

  constructor() {
    super('Another instance of the appservice leads by now.');
  }
}

/** Resolves when this instance leads. `onWaiting` is called once if another one does. */
export async function acquireLease(
  store: Pick<Store, 'db' | 'kind'>,
  onWaiting: () => Promise<void> = () => Promise.resolve(),
): Promise<Lease> {
  const holder = randomUUID();
  for (let attempt = 1; !(await take(store, holder)); attempt += 1) {
    if (attempt === 1) await onWaiting();
    await delay(renewMs / 2);
  }
  return keepLease(store, holder);
}

function keepLease(store: Pick<Store, 'db' | 'kind'>, holder: string): Lease {
  const lost = new AbortController();
  let renewing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    renewing = renew();
  }, renewMs);

  async function renew(): Promise<void> {
    // A database that is away takes nobody's lease; whoever finds it again first leads.
    const isHeld = await take(store, holder).catch(() => true);
    if (!isHeld) lost.abort(new LeaseLostError());
  }

  return {
    lost: lost.signal,
    async requireHeld(transaction) {
      if (await isExtended(transaction, store.kind, holder)) return;
      lost.abort(new LeaseLostError());
      throw new LeaseLostError();
    },
    async release() {
      clearInterval(timer);
      await renewing;
      await store.db.deleteFrom('lease').where('holder', '=', holder).execute();
    },
  };
}

/** Takes a lease that is free, has expired or is held already. */
async function take({ db, kind }: Pick<Store, 'db' | 'kind'>, holder: string): Promise<boolean> {
  const taken = await db
    .insertInto('lease')
    .values({ name, holder, expires_at: expiry(kind) })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet((expression) => ({
          holder: expression.ref('excluded.holder'),
          expires_at: expression.ref('excluded.expires_at'),
        }))
        .where((expression) =>
          expression.or([
            expression('lease.holder', '=', holder),
            expression('lease.expires_at', '<', databaseClock(kind)),
          ]),
        ),
    )
    .returning('holder')
    .executeTakeFirst();
  return taken?.holder === holder;
}

/** Extends the lease on the way: an instance that slept past its end goes on if nobody took it meanwhile. */
async function isExtended(transaction: Transaction<Database>, kind: Store['kind'], holder: string): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('lease')
    .set({ expires_at: expiry(kind) })
    .where('holder', '=', holder)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

function expiry(kind: Store['kind']): RawBuilder<number> {
  return sql<number>`${databaseClock(kind)} + ${sql.lit(leaseMs)}`;
}

/** Milliseconds since 1970 by the database's clock, at this moment and not at the transaction's beginning. */
function databaseClock(kind: Store['kind']): RawBuilder<number> {
  return kind === 'sqlite'
    ? sql<number>`cast(unixepoch('subsec') * 1000 as integer)`
    : sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`;
}
