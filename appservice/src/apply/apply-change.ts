/** Carries out one change and notes in the audit trail what became of it. */
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { AuditAction } from '#appservice/audit/actions.ts';
import type { RoomId, ServerName, UserId } from '#contract/ids.ts';
import type { Store } from '#appservice/store/open-store.ts';
import type { Change } from '../reconciler/change.ts';
import type { Actor } from '#appservice/matrix/ports.ts';
import { carryOut } from './carry-out.ts';
import { recordRoom } from './inventory.ts';
import type { ChangeLog } from './journal.ts';

export interface ApplyChangeOptions {
  readonly homeserver: Actor;
  readonly store: Pick<Store, 'transaction'>;
  readonly serverName: ServerName;
  /** In whose name the audit trail records the changes. */
  readonly bot: UserId;
  /** Whether the changes repair drift of what was approved before, or carry out something new. */
  readonly appliedAction: Extract<AuditAction, 'change.applied' | 'drift.repaired'>;
  /** Where it stands which changes were begun, and what became of them. */
  readonly log: ChangeLog;
  /** Aborted when the process ends: no change is begun any more. */
  readonly ended: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** `created`: the room that a CreateRoom made. */
export type Attempt = { readonly created: RoomId | null } | { readonly error: unknown };

/**
 * Throws if the database fails, if another instance leads, or if the process ends. A change whose outcome is unknown
 * because of that stays begun in the journal: the next look at the rooms shows whether it happened.
 */
export async function applyChange(
  change: Change,
  rooms: ReadonlyMap<string, RoomId>,
  options: ApplyChangeOptions,
): Promise<Attempt> {
  options.ended.throwIfAborted();
  await options.log.begin(change);
  const attempt = await tryOut(change, rooms, options);
  if ('error' in attempt) options.ended.throwIfAborted();
  await recordAttempt(change, attempt, options);
  return attempt;
}

async function tryOut(
  change: Change,
  rooms: ReadonlyMap<string, RoomId>,
  { homeserver, serverName }: ApplyChangeOptions,
): Promise<Attempt> {
  try {
    return { created: await carryOut(change, { homeserver, serverName, roomIdOf: (address) => rooms.get(address) }) };
  } catch (error) {
    return { error };
  }
}

/** The inventory's row and the audit row of a room stand together or not at all. */
async function recordAttempt(change: Change, attempt: Attempt, options: ApplyChangeOptions): Promise<void> {
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
    await options.log.settle(transaction, change, 'error' in attempt ? attempt.error : undefined);
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
