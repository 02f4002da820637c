/** Carries out one change and has it noted what became of it. */
import type { RoomId, ServerName } from '#contract/ids.ts';
import type { Change } from '../reconciler/change.ts';
import type { Actor } from '#appservice/matrix/ports.ts';
import type { RosterSeal } from '#appservice/roster/roster-seal.ts';
import { carryOut } from './carry-out.ts';
import type { Attempt, ChangeLedger } from './ledger.ts';

export interface ApplyChangeOptions {
  readonly homeserver: Actor;
  readonly serverName: ServerName;
  readonly rosters: RosterSeal;
  readonly ledger: ChangeLedger;
  /** Aborted when the process ends: no change is begun any more. */
  readonly ended: AbortSignal;
}

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
  await options.ledger.begin(change);
  const attempt = await tryOut(change, rooms, options);
  if ('error' in attempt) options.ended.throwIfAborted();
  await options.ledger.settle(change, attempt);
  return attempt;
}

async function tryOut(
  change: Change,
  rooms: ReadonlyMap<string, RoomId>,
  { homeserver, serverName, rosters }: ApplyChangeOptions,
): Promise<Attempt> {
  try {
    const roomIdOf = (address: string): RoomId | undefined => rooms.get(address);
    return { created: await carryOut(change, { homeserver, serverName, rosters, roomIdOf }) };
  } catch (error) {
    return { error };
  }
}
