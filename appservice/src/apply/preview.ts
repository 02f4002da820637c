/**
 * What carrying out a plan would ask of the homeserver. A real application of it, to a homeserver that only writes down:
 * so the preview cannot differ from what is done.
 */
import type { Kysely } from 'kysely';
import type { ServerName } from '#contract/ids.ts';
import type { Database } from '#appservice/store/schema.ts';
import { createRecordingHomeserver, type RecordedRequest } from '#appservice/matrix/recording-homeserver.ts';
import { unsignedRosters } from '#appservice/roster/unsigned-rosters.ts';
import type { Change, CreateRoom } from '../reconciler/change.ts';
import { depthsOf, stagesOf } from '../reconciler/order.ts';
import { applyPlan } from './apply-plan.ts';
import { readInventory, type Inventory } from './inventory.ts';
import { readPlannedChanges } from './planned-changes.ts';

export interface PreviewOptions {
  readonly serverName: ServerName;
  /** Whether the homeserver takes people in groups. */
  readonly joinsTogether: boolean;
}

/** null: there is no such plan. */
export async function previewPlan(
  database: Kysely<Database>,
  digest: string,
  options: PreviewOptions,
): Promise<readonly RecordedRequest[] | null> {
  const changes = await readPlannedChanges(database, digest);
  return changes && previewRequests(changes, await readInventory(database), options);
}

/** `changes`: in their order. Rooms that the plan creates have made-up ids. */
async function previewRequests(
  changes: readonly Change[],
  inventory: Inventory,
  { serverName, joinsTogether }: PreviewOptions,
): Promise<readonly RecordedRequest[]> {
  const created = changes.filter((change): change is CreateRoom => change.kind === 'CreateRoom');
  const homeserver = createRecordingHomeserver({ joinsTogether });
  const depthOf = depthsOf(created.map(({ after }) => after));
  await applyPlan({ stages: stagesOf(changes, depthOf) }, inventory, {
    homeserver,
    serverName,
    rosters: unsignedRosters,
    ledger: { begin: noNote, settle: noNote, skip: noNote },
    concurrency: 1,
    ended: never,
    cancelled: never,
    onOutcome: () => undefined,
  });
  return homeserver.requests;
}

const noNote = (): Promise<void> => Promise.resolve();
const never = new AbortController().signal;
