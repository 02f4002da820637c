/** How far the approval of a waiting revision has come. */
import type { Kysely } from 'kysely';
import { userIdSchema, type UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import type { Database } from '#appservice/store/schema.ts';
import { revisionInForce, type Revision } from '../apply/revisions.ts';
import { authorityOf, uncovered, type Authority } from './authority.ts';
import { compareOrganisations, placesOf, type Difference } from './compare-organisations.ts';
import type { Place } from './place.ts';

export interface ApprovalState {
  /** What the revision would replace. */
  readonly inForce: Organisation;
  /** Who may decide about what, as the declaration in force says: nobody approves by a role that only waits. */
  readonly authority: Authority;
  readonly differences: readonly Difference[];
  /** The places that the revision concerns. */
  readonly places: readonly Place[];
  readonly approvals: readonly { readonly approver: UserId; readonly at: number }[];
  /** The places for which nobody has approved yet. */
  readonly missing: readonly Place[];
}

export async function readApprovalState(
  database: Kysely<Database>,
  waiting: Revision,
  planDigest: string,
): Promise<ApprovalState> {
  const revision = await revisionInForce(database);
  if (revision === null) throw new Error('The database has revisions, but none is in force.');
  const inForce = revision.organisation;
  const authority = authorityOf(inForce);
  const differences = compareOrganisations(inForce, waiting.organisation);
  const places = placesOf(differences);
  const approvals = await readApprovals(database, planDigest);
  const granted = approvals.flatMap(({ approver }) => authority.placesOf(approver, 'approver'));
  return { inForce, authority, differences, places, approvals, missing: uncovered(places, granted) };
}

async function readApprovals(database: Kysely<Database>, plan: string): Promise<ApprovalState['approvals']> {
  const rows = await database
    .selectFrom('approval')
    .select(['approver', 'at'])
    .where('plan', '=', plan)
    .orderBy('at')
    .execute();
  return rows.map(({ approver, at }) => ({ approver: userIdSchema.parse(approver), at }));
}
