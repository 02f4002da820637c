/**
 * Versions of the declaration. Exactly one is in force. Only the first of an empty database comes into force by itself;
 * every later one waits until somebody approves its plan.
 */
import { canonicalize } from 'json-canonicalize';
import type { Kysely, Transaction } from 'kysely';
import { organisationSchema, type Organisation } from '#contract/organisation.ts';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { Database } from '#appservice/store/schema.ts';
import { digestOf } from '../reconciler/plan.ts';

export interface Revision {
  readonly number: number;
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

/** Takes a declaration in. Nothing is written if it is the one in force and none waits, or the one that waits. */
export async function receiveDeclaration(
  transaction: Transaction<Database>,
  organisation: Organisation,
  at: number,
): Promise<'first' | 'unchanged' | 'waiting'> {
  const digest = digestOf(organisation);
  const known = await transaction
    .selectFrom('revision')
    .select(['digest', 'state'])
    .where('state', '!=', 'superseded')
    .execute();
  if (known.find(({ state }) => state === 'awaiting-approval')?.digest === digest) return 'waiting';
  await supersede(transaction, 'awaiting-approval', at);
  const inForce = known.find(({ state }) => state === 'approved');
  if (inForce?.digest === digest) return 'unchanged';
  const isFirst = inForce === undefined;
  const number = await insertRevision(transaction, organisation, digest, isFirst, at);
  const entry = { at, actor: filesAuthor, subject: digest, detail: { revision: number } };
  await appendAudit(transaction, { ...entry, action: 'revision.received' });
  if (isFirst) await appendAudit(transaction, { ...entry, action: 'revision.approved-first' });
  return isFirst ? 'first' : 'waiting';
}

/** Puts a waiting revision into force in place of the one before. */
export async function putIntoForce(transaction: Transaction<Database>, number: number, at: number): Promise<void> {
  await supersede(transaction, 'approved', at);
  await transaction.updateTable('revision').set({ state: 'approved' }).where('number', '=', number).execute();
}

async function insertRevision(
  transaction: Transaction<Database>,
  organisation: Organisation,
  digest: string,
  isFirst: boolean,
  at: number,
): Promise<number> {
  const { number } = await transaction
    .insertInto('revision')
    .values({
      digest,
      document: canonicalize(organisation),
      author: filesAuthor,
      state: isFirst ? 'approved' : 'awaiting-approval',
      created_at: at,
    })
    .returning('number')
    .executeTakeFirstOrThrow();
  return number;
}

async function supersede(
  transaction: Transaction<Database>,
  state: 'approved' | 'awaiting-approval',
  at: number,
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
    const detail = { revision: number };
    await appendAudit(transaction, { at, actor: filesAuthor, action: 'revision.superseded', subject: digest, detail });
  }
}

async function readRevision(
  database: Kysely<Database>,
  state: 'approved' | 'awaiting-approval',
): Promise<Revision | null> {
  const row = await database
    .selectFrom('revision')
    .select(['number', 'author', 'document'])
    .where('state', '=', state)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { number, author, document } = row;
  return { number, author, organisation: organisationSchema.parse(JSON.parse(document)) };
}
