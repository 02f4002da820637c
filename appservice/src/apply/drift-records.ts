/** Differences that weaken nothing: noted until they are gone, each with one row in the audit trail. */
import { canonicalize } from 'json-canonicalize';
import type { Kysely, Transaction } from 'kysely';
import type { Drift } from '#contract/runs.ts';
import type { UserId } from '#contract/ids.ts';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { Store } from '#appservice/store/open-store.ts';
import type { Database, DriftTable } from '#appservice/store/schema.ts';
import type { Change } from '../reconciler/change.ts';
import type { ClosedAccount } from '../reconciler/closed-accounts.ts';
import type { ReconcileMetrics } from './reconcile-metrics.ts';
import { remedyOfDifference } from './remedies.ts';

type Difference = Change | ClosedAccount;

export interface DriftFinding {
  /** Everything that differs there now and weakens nothing. */
  readonly differences: readonly Difference[];
  /** Where was looked; undefined: everywhere. What stood there before and differs no more is forgotten. */
  readonly addresses?: ReadonlySet<string>;
}

interface Reporting {
  readonly store: Pick<Store, 'db' | 'transaction'>;
  readonly bot: UserId;
  readonly metrics: Pick<ReconcileMetrics, 'driftReported'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export async function recordDrift({ differences, addresses }: DriftFinding, options: Reporting): Promise<void> {
  const at = options.now();
  const found = new Map(differences.map((change) => [keyOf(rowOf(change, at)), rowOf(change, at)]));
  const rows = await options.store.db.selectFrom('drift').selectAll().execute();
  const known = new Map(rows.map((row) => [keyOf(row), row]));
  const gone = rows.filter((row) => (addresses?.has(row.address) ?? true) && !found.has(keyOf(row)));
  const fresh = [...found.values()].filter((row) => known.get(keyOf(row))?.found !== row.found);
  if (gone.length + fresh.length > 0) await replaceRows({ gone, fresh }, at, options);
  const added = fresh.filter((row) => !known.has(keyOf(row)));
  options.metrics.driftReported.set(rows.length - gone.length + added.length);
}

interface Replacement {
  readonly gone: readonly DriftTable[];
  readonly fresh: readonly DriftTable[];
}

async function replaceRows({ gone, fresh }: Replacement, at: number, { store, bot }: Reporting): Promise<void> {
  await store.transaction(async (transaction) => {
    for (const row of [...gone, ...fresh]) await forget(transaction, row);
    if (fresh.length > 0) await transaction.insertInto('drift').values(fresh).execute();
    for (const { address, kind, found: before, declared } of fresh) {
      const detail = { kind, found: JSON.parse(before), declared: JSON.parse(declared) };
      await appendAudit(transaction, { at, actor: bot, action: 'drift.reported', subject: address, detail });
    }
  });
}

export async function listDrift(database: Kysely<Database>): Promise<Drift> {
  const rows = await database.selectFrom('drift').selectAll().orderBy('found_at', 'desc').orderBy('address').execute();
  return {
    differences: rows.map(({ address, kind, found, declared, found_at: foundAt }) => ({
      address,
      kind,
      found: JSON.parse(found),
      declared: JSON.parse(declared),
      foundAt: new Date(foundAt).toISOString(),
      remedy: remedyOfDifference(kind),
    })),
  };
}

async function forget(transaction: Transaction<Database>, { address, kind, subject }: DriftTable): Promise<void> {
  await transaction
    .deleteFrom('drift')
    .where('address', '=', address)
    .where('kind', '=', kind)
    .where('subject', '=', subject)
    .execute();
}

function rowOf(change: Difference, at: number): DriftTable {
  const { address, kind, before, after } = change;
  const found = canonicalize(before);
  return { address, kind, subject: subjectOf(change), found, declared: canonicalize(after), found_at: at };
}

/** A room has one name, and a space many links. */
function subjectOf({ kind, before, after }: Difference): string {
  if (kind === 'LinkSpaceChild') return after;
  return kind === 'UnlinkSpaceParent' ? before : '';
}

function keyOf({ address, kind, subject }: DriftTable): string {
  return `${address} ${kind} ${subject}`;
}
