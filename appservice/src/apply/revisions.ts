/**
 * Versions of the declaration. Exactly one is in force. Only the first of an empty database comes into force by itself;
 * every later one waits until others than its author approve its plan. At most one waits.
 */
import { canonicalize } from 'json-canonicalize';
import type { Kysely, Transaction } from 'kysely';
import { organisationSchema, type Organisation } from '#contract/organisation.ts';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { Database, RevisionTable } from '#appservice/store/schema.ts';
import { digestOf } from '../reconciler/plan.ts';

export interface Revision {
  readonly number: number;
  readonly digest: string;
  /** A user id, or `files`. */
  readonly author: string;
  readonly organisation: Organisation;
}

/** Who stands as author of what the declaration's files say. */
const filesAuthor = 'files';

export async function revisionInForce(database: Kysely<Database>): Promise<Revision | null> {
  return readRevision(database, 'approved');
}

export async function waitingRevision(database: Kysely<Database>): Promise<Revision | null> {
  return readRevision(database, 'awaiting-approval');
}

/**
 * Takes in what the files declare. Nothing is written if it is in force and nothing of theirs waits, if it waits
 * already, or if the files say what they said before a newer revision came into force.
 */
export async function receiveDeclaration(
  transaction: Transaction<Database>,
  organisation: Organisation,
  at: number,
): Promise<'first' | 'unchanged' | 'waiting'> {
  await lockRevisions(transaction);
  const digest = digestOf(organisation);
  const inForce = await readHead(transaction, 'approved');
  const waiting = await readHead(transaction, 'awaiting-approval');
  if (waiting?.digest === digest) return 'waiting';
  if (inForce !== null && (await isOldNews(transaction, digest, inForce, waiting))) return 'unchanged';
  await supersede(transaction, 'awaiting-approval', { at, actor: filesAuthor });
  if (inForce?.digest === digest) return 'unchanged';
  const state = inForce === null ? 'approved' : 'awaiting-approval';
  const number = await insertRevision(transaction, organisation, { author: filesAuthor, state, at });
  const entry = { at, actor: filesAuthor, subject: digest, detail: { revision: number } };
  await appendAudit(transaction, { ...entry, action: 'revision.received' });
  if (inForce !== null) return 'waiting';
  await appendAudit(transaction, { ...entry, action: 'revision.approved-first' });
  return 'first';
}

/**
 * Makes others who want to add or decide a revision wait until this transaction ends: what was read is still so when it
 * is written. An update of the row to itself, because SQLite knows no row locks.
 */
export async function lockRevisions(transaction: Transaction<Database>): Promise<void> {
  await transaction.updateTable('revision').set({ state: 'approved' }).where('state', '=', 'approved').execute();
}

/** The files have not changed since; somebody has changed the organisation without them. */
async function isOldNews(
  transaction: Transaction<Database>,
  digest: string,
  inForce: RevisionHead,
  waiting: RevisionHead | null,
): Promise<boolean> {
  const last = await transaction
    .selectFrom('revision')
    .select(['number', 'digest'])
    .where('author', '=', filesAuthor)
    .orderBy('number', 'desc')
    .executeTakeFirst();
  const isByOthers = waiting === null ? inForce.author !== filesAuthor : waiting.author !== filesAuthor;
  return isByOthers && last?.digest === digest && last.number <= inForce.number;
}

export interface Act {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actor: string;
}

/** Adds a revision that waits, in place of one of the same author. Answers its number. */
export async function proposeRevision(
  transaction: Transaction<Database>,
  organisation: Organisation,
  { at, actor }: Act,
): Promise<number> {
  await supersede(transaction, 'awaiting-approval', { at, actor });
  const number = await insertRevision(transaction, organisation, { author: actor, state: 'awaiting-approval', at });
  const detail = { revision: number };
  await appendAudit(transaction, { at, actor, action: 'revision.proposed', subject: digestOf(organisation), detail });
  return number;
}

/** Takes a waiting revision back. false: it does not wait. */
export async function withdrawRevision(
  transaction: Transaction<Database>,
  number: number,
  { at, actor }: Act,
): Promise<boolean> {
  const waiting = await readHead(transaction, 'awaiting-approval');
  if (waiting?.number !== number) return false;
  await supersede(transaction, 'awaiting-approval', { at, actor, action: 'revision.withdrawn' });
  return true;
}

/** Ends a waiting revision whose plan nobody has approved in time. */
export async function expireRevision(transaction: Transaction<Database>, number: number, at: number): Promise<void> {
  const waiting = await readHead(transaction, 'awaiting-approval');
  if (waiting?.number !== number) return;
  await supersede(transaction, 'awaiting-approval', { at, actor: waiting.author, action: 'revision.expired' });
}

/** Puts a waiting revision into force in place of the one before. */
export async function putIntoForce(transaction: Transaction<Database>, number: number, act: Act): Promise<void> {
  await supersede(transaction, 'approved', act);
  await transaction.updateTable('revision').set({ state: 'approved' }).where('number', '=', number).execute();
}

async function insertRevision(
  transaction: Transaction<Database>,
  organisation: Organisation,
  { author, state, at }: Pick<RevisionTable, 'author' | 'state'> & { readonly at: number },
): Promise<number> {
  const { number } = await transaction
    .insertInto('revision')
    .values({ digest: digestOf(organisation), document: canonicalize(organisation), author, state, created_at: at })
    .returning('number')
    .executeTakeFirstOrThrow();
  return number;
}

interface Superseding extends Act {
  readonly action?: 'revision.superseded' | 'revision.withdrawn' | 'revision.expired';
}

async function supersede(
  transaction: Transaction<Database>,
  state: 'approved' | 'awaiting-approval',
  { at, actor, action = 'revision.superseded' }: Superseding,
): Promise<void> {
  const superseded = await transaction
    .updateTable('revision')
    .set({ state: 'superseded' })
    .where('state', '=', state)
    .returning(['number', 'digest'])
    .execute();
  for (const { number, digest } of superseded) {
    await transaction
      .updateTable('plan')
      .set({ state: 'superseded' })
      .where('revision', '=', number)
      .where('state', '!=', 'applied')
      .execute();
    await appendAudit(transaction, { at, actor, action, subject: digest, detail: { revision: number } });
  }
}

type RevisionHead = Pick<RevisionTable, 'digest' | 'author'> & { readonly number: number };

async function readHead(
  database: Kysely<Database>,
  state: 'approved' | 'awaiting-approval',
): Promise<RevisionHead | null> {
  const row = await database
    .selectFrom('revision')
    .select(['number', 'digest', 'author'])
    .where('state', '=', state)
    .executeTakeFirst();
  return row ?? null;
}

async function readRevision(
  database: Kysely<Database>,
  state: 'approved' | 'awaiting-approval',
): Promise<Revision | null> {
  const row = await database.selectFrom('revision').selectAll().where('state', '=', state).executeTakeFirst();
  if (row === undefined) return null;
  const { number, digest, author, document } = row;
  return { number, digest, author, organisation: organisationSchema.parse(JSON.parse(document)) };
}
