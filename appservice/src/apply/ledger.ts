/** Where it is noted which changes are begun and what became of them: the journal, the inventory and the audit trail. */
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { AuditAction } from '#appservice/audit/actions.ts';
import type { RoomId, UserId } from '#contract/ids.ts';
import type { Store } from '#appservice/store/open-store.ts';
import type { Change } from '../reconciler/change.ts';
import { digestOf } from '../reconciler/plan.ts';
import { recordRoom } from './inventory.ts';
import type { ChangeLog } from './journal.ts';
import type { ReconcileMetrics } from './reconcile-metrics.ts';

/** `created`: the room that a CreateRoom made. */
export type Attempt = { readonly created: RoomId | null } | { readonly error: unknown };

export interface ChangeLedger {
  /** Notes that `change` is about to be sent. Throws if it must not be sent. */
  begin(change: Change): Promise<void>;
  settle(change: Change, attempt: Attempt): Promise<void>;
}

export interface LedgerOptions {
  readonly store: Pick<Store, 'transaction'>;
  /** In whose name the audit trail records the changes. */
  readonly bot: UserId;
  readonly metrics: Pick<ReconcileMetrics, 'changes'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Whether changes repair drift of what was approved before, or carry out something new. */
export type AppliedAction = Extract<AuditAction, 'change.applied' | 'drift.repaired'>;

/** The inventory's row, the journal's and the audit row of a change stand together or not at all. */
export function createLedger(
  log: ChangeLog,
  appliedAction: AppliedAction,
  { store, bot, metrics, now }: LedgerOptions,
): ChangeLedger {
  return {
    begin: (change) => log.begin(change),
    async settle(change, attempt) {
      const action = 'error' in attempt ? 'change.failed' : appliedAction;
      await store.transaction(async (transaction) => {
        const at = now();
        if (change.kind === 'CreateRoom' && 'created' in attempt && attempt.created !== null) {
          const { address, after } = change;
          await recordRoom(transaction, { address, roomId: attempt.created, class: after.class, at });
        }
        await log.settle(transaction, change, 'error' in attempt ? attempt.error : undefined);
        const detail = detailOf(change, attempt);
        await appendAudit(transaction, { at, actor: bot, action, subject: change.address, detail });
      });
      metrics.changes.inc({ kind: change.kind, action });
    },
  };
}

/** Who came and who went has rows of its own; of a roster its digest is enough to recognise it. */
function describedFor(change: Change): Record<string, unknown> {
  const { address: _address, ...described } = change;
  if (change.kind !== 'SetRoster') return described;
  return { ...described, after: { people: change.after.length, digest: digestOf(change.after) } };
}

function detailOf(change: Change, attempt: Attempt): Record<string, unknown> {
  const described = describedFor(change);
  if ('error' in attempt) return { ...described, error: String(attempt.error) };
  return attempt.created === null ? { ...described } : { ...described, roomId: attempt.created };
}
