/**
 * Carries out a plan: stage by stage, many rooms side by side, the changes of one room in their order. A change that
 * fails holds up only what depends on it; the next run tries again, because it compares anew.
 */
import pLimit from 'p-limit';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { AuditAction } from '#appservice/audit/actions.ts';
import type { RoomId, ServerName, UserId } from '#contract/ids.ts';
import type { Store } from '#appservice/store/open-store.ts';
import type { Change } from '../reconciler/change.ts';
import { blocks } from '../reconciler/order.ts';
import type { Plan } from '../reconciler/plan.ts';
import { carryOut, type Actor } from './carry-out.ts';
import { recordRoom, type Inventory } from './inventory.ts';

export interface ApplyOptions {
  readonly homeserver: Actor;
  readonly store: Pick<Store, 'transaction'>;
  readonly serverName: ServerName;
  /** In whose name the audit trail records the changes. */
  readonly bot: UserId;
  /** Whether the changes repair drift of what was approved before, or carry out something new. */
  readonly appliedAction: Extract<AuditAction, 'change.applied' | 'drift.repaired'>;
  readonly concurrency: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called after each change, whatever its outcome. */
  readonly onOutcome: (outcome: Outcome) => void;
}

export type Outcome =
  | { readonly change: Change; readonly result: 'applied' }
  | { readonly change: Change; readonly result: 'failed'; readonly error: unknown }
  | { readonly change: Change; readonly result: 'skipped'; readonly because: Change };

/** Carries out `plan` on the rooms of `inventory` and those it creates. Throws only if the database fails. */
export async function applyPlan(plan: Plan, inventory: Inventory, options: ApplyOptions): Promise<Outcome[]> {
  const rooms = new Map(inventory);
  const outcomes: Outcome[] = [];
  const failed: Change[] = [];
  const limit = pLimit(options.concurrency);

  async function applyOne(change: Change): Promise<void> {
    const outcome = await outcomeOf(change, failed, rooms, options);
    if (outcome.result !== 'applied') failed.push(change);
    outcomes.push(outcome);
    options.onOutcome(outcome);
  }

  for (const { changes } of plan.stages) {
    const byAddress = Map.groupBy(changes, ({ address }) => address);
    await Promise.all(
      [...byAddress.values()].map((queue) =>
        limit(async () => {
          for (const change of queue) await applyOne(change);
        }),
      ),
    );
  }
  return outcomes;
}

async function outcomeOf(
  change: Change,
  failed: readonly Change[],
  rooms: Map<string, RoomId>,
  options: ApplyOptions,
): Promise<Outcome> {
  const because = failed.find((earlier) => blocks(earlier, change));
  if (because !== undefined) return { change, result: 'skipped', because };
  const attempt = await tryOut(change, rooms, options);
  await recordOutcome(change, attempt, options);
  if ('error' in attempt) return { change, result: 'failed', error: attempt.error };
  if (attempt.created !== null) rooms.set(change.address, attempt.created);
  return { change, result: 'applied' };
}

type Attempt = { readonly created: RoomId | null } | { readonly error: unknown };

async function tryOut(
  change: Change,
  rooms: ReadonlyMap<string, RoomId>,
  { homeserver, serverName }: ApplyOptions,
): Promise<Attempt> {
  try {
    return { created: await carryOut(change, { homeserver, serverName, roomIdOf: (address) => rooms.get(address) }) };
  } catch (error) {
    return { error };
  }
}

/** The inventory's row and the audit row of a room stand together or not at all. */
async function recordOutcome(change: Change, attempt: Attempt, options: ApplyOptions): Promise<void> {
  const at = options.now();
  await options.store.transaction(async (transaction) => {
    if (change.kind === 'CreateRoom' && 'created' in attempt && attempt.created !== null) {
      await recordRoom(transaction, {
        address: change.address,
        roomId: attempt.created,
        class: change.after.class,
        at,
      });
    }
    await appendAudit(transaction, {
      at,
      actor: options.bot,
      action: 'error' in attempt ? 'change.failed' : options.appliedAction,
      subject: change.address,
      detail: detailOf(change, attempt),
    });
  });
}

function detailOf(change: Change, attempt: Attempt): Record<string, unknown> {
  const { address: _address, ...described } = change;
  if ('error' in attempt) return { ...described, error: String(attempt.error) };
  return attempt.created === null ? { ...described } : { ...described, roomId: attempt.created };
}
