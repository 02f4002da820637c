/** The API's side of revisions: read, compare, propose, withdraw. Whoever has no authority at a place changes nothing there. */
import type { Kysely } from 'kysely';
import type { Proposal, RevisionSummary } from '#contract/governance.ts';
import type { UserId } from '#contract/ids.ts';
import { organisationSchema, type Organisation } from '#contract/organisation.ts';
import type { Store } from '#appservice/store/open-store.ts';
import type { Database } from '#appservice/store/schema.ts';
import { planWaitingFor } from '../apply/plan-records.ts';
import {
  lockRevisions,
  proposeRevision,
  revisionInForce,
  waitingRevision,
  withdrawRevision,
  type Revision,
} from '../apply/revisions.ts';
import { digestOf } from '../reconciler/plan.ts';
import { authorityOf } from './authority.ts';
import { compareOrganisations, placesOf, type Difference } from './compare-organisations.ts';

export interface RevisionDeskOptions {
  readonly store: Pick<Store, 'db' | 'transaction'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Notes the plan of what waits. Rejects if the homeserver cannot be read; the next sweep notes it then. */
  readonly notePlan: (proposed: Organisation) => Promise<void>;
  /** A plan could not be noted at once. */
  readonly onUnplanned: (error: unknown) => void;
}

export type ProposalRefusal =
  | { readonly refusal: 'revision.stale' | 'revision.waiting' }
  | { readonly refusal: 'scope.exceeded'; readonly differences: readonly Difference[] };

export type WithdrawalRefusal = 'revision.unknown' | 'revision.not-waiting' | 'scope.exceeded';

export interface RevisionDesk {
  list(): Promise<RevisionSummary[]>;
  /** null: there is no such revision. */
  read(number: number): Promise<(RevisionSummary & { readonly organisation: Organisation }) | null>;
  inForce(): Promise<Revision>;
  compare(from: number, to: number): Promise<readonly Difference[] | null>;
  /** `base`: digest of the declaration that the change was made in. */
  propose(organisation: Organisation, base: string, author: UserId): Promise<Proposal | ProposalRefusal>;
  /** By its author, or by somebody who may propose what it changes. */
  withdraw(number: number, actor: UserId): Promise<WithdrawalRefusal | null>;
}

export function createRevisionDesk(options: RevisionDeskOptions): RevisionDesk {
  const { db } = options.store;
  return {
    list: () => listRevisions(db),
    read: (number) => readRevision(db, number),
    inForce: () => requireInForce(db),
    async compare(from, to) {
      const [older, newer] = [await readRevision(db, from), await readRevision(db, to)];
      if (older === null || newer === null) return null;
      return compareOrganisations(older.organisation, newer.organisation);
    },
    propose: (organisation, base, author) => propose({ organisation, base, author }, options),
    withdraw: (number, actor) => withdraw(number, actor, options),
  };
}

interface Change {
  readonly organisation: Organisation;
  readonly base: string;
  readonly author: UserId;
}

async function propose(change: Change, options: RevisionDeskOptions): Promise<Proposal | ProposalRefusal> {
  const { store, now } = options;
  const { organisation, author } = change;
  const outcome = await store.transaction(async (transaction) => {
    await lockRevisions(transaction);
    const inForce = await requireInForce(transaction);
    const refusal = await refusalOf(change, inForce, transaction);
    if (refusal !== null) return refusal;
    if (digestOf(organisation) === inForce.digest) return inForce.number;
    return proposeRevision(transaction, organisation, { at: now(), actor: author });
  });
  if (typeof outcome !== 'number') return outcome;
  await options.notePlan(organisation).catch(options.onUnplanned);
  const revision = await readSummary(store.db, outcome);
  return { revision, plan: await planWaitingFor(store.db, outcome) };
}

async function refusalOf(
  { organisation, base, author }: Change,
  inForce: Revision,
  database: Kysely<Database>,
): Promise<ProposalRefusal | null> {
  if (base !== inForce.digest) return { refusal: 'revision.stale' };
  const waiting = await waitingRevision(database);
  if (waiting !== null && waiting.author !== author) return { refusal: 'revision.waiting' };
  const authority = authorityOf(inForce.organisation);
  const differences = compareOrganisations(inForce.organisation, organisation);
  const beyond = differences.filter(({ places }) => !authority.covers(author, 'provisioner', places));
  return beyond.length === 0 ? null : { refusal: 'scope.exceeded', differences: beyond };
}

async function withdraw(
  number: number,
  actor: UserId,
  { store, now }: RevisionDeskOptions,
): Promise<WithdrawalRefusal | null> {
  return store.transaction(async (transaction) => {
    await lockRevisions(transaction);
    const waiting = await waitingRevision(transaction);
    if (waiting?.number !== number) return notWaiting(transaction, number);
    const inForce = await requireInForce(transaction);
    const places = placesOf(compareOrganisations(inForce.organisation, waiting.organisation));
    const mayPropose = authorityOf(inForce.organisation).covers(actor, 'provisioner', places);
    if (waiting.author !== actor && !mayPropose) return 'scope.exceeded';
    await withdrawRevision(transaction, number, { at: now(), actor });
    return null;
  });
}

async function notWaiting(database: Kysely<Database>, number: number): Promise<WithdrawalRefusal> {
  return (await readRevision(database, number)) === null ? 'revision.unknown' : 'revision.not-waiting';
}

async function requireInForce(database: Kysely<Database>): Promise<Revision> {
  const inForce = await revisionInForce(database);
  if (inForce === null) throw new Error('The database has revisions, but none is in force.');
  return inForce;
}

const summaryColumns = ['number', 'digest', 'author', 'state', 'created_at'] as const;

async function listRevisions(database: Kysely<Database>): Promise<RevisionSummary[]> {
  const rows = await database.selectFrom('revision').select(summaryColumns).orderBy('number', 'desc').execute();
  return rows.map(summaryOf);
}

async function readSummary(database: Kysely<Database>, number: number): Promise<RevisionSummary> {
  return summaryOf(
    await database.selectFrom('revision').select(summaryColumns).where('number', '=', number).executeTakeFirstOrThrow(),
  );
}

async function readRevision(database: Kysely<Database>, number: number) {
  const row = await database.selectFrom('revision').selectAll().where('number', '=', number).executeTakeFirst();
  if (row === undefined) return null;
  return { ...summaryOf(row), organisation: organisationSchema.parse(JSON.parse(row.document)) };
}

type SummaryRow = Omit<RevisionSummary, 'createdAt'> & { readonly created_at: number };

function summaryOf({ number, digest, author, state, created_at: createdAt }: SummaryRow): RevisionSummary {
  return { number, digest, author, state, createdAt: new Date(createdAt).toISOString() };
}
