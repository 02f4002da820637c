/** Runs with a journal of their changes, the lease of the instance that leads, and drift that is only reported. */
import { sql, type ColumnDefinitionBuilder, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();
const key = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.primaryKey().notNull();

export const runs: Migration = {
  async up(database: Kysely<unknown>) {
    await createRuns(database.schema);
    await createJournal(database.schema);
    await createLease(database.schema);
    await createDrift(database.schema);
  },
  async down(database: Kysely<unknown>) {
    for (const table of ['drift', 'lease', 'journal', 'run']) await database.schema.dropTable(table).execute();
  },
};

async function createRuns(schema: Kysely<unknown>['schema']): Promise<void> {
  await schema
    .createTable('run')
    .addColumn('id', 'text', key)
    .addColumn('revision', 'integer', (column) => column.notNull().references('revision.number'))
    .addColumn('purpose', 'text', required)
    .addColumn('state', 'text', required)
    .addColumn('changes', 'integer', required)
    .addColumn('started_at', 'bigint', required)
    .addColumn('ended_at', 'bigint')
    .addCheckConstraint('run_purpose', sql`purpose in ('revision', 'drift')`)
    .addCheckConstraint('run_state', sql`state in ('running', 'done', 'incomplete', 'cancelled', 'interrupted')`)
    .execute();
  await schema.createIndex('run_started_at').on('run').column('started_at').execute();
}

async function createJournal(schema: Kysely<unknown>['schema']): Promise<void> {
  await schema
    .createTable('journal')
    .addColumn('run', 'text', (column) => column.notNull().references('run.id').onDelete('cascade'))
    .addColumn('position', 'integer', required)
    .addColumn('address', 'text', required)
    .addColumn('kind', 'text', required)
    .addColumn('user_id', 'text')
    .addColumn('state', 'text', required)
    .addColumn('error', 'text')
    .addColumn('remedy', 'text')
    .addColumn('changed_at', 'bigint', required)
    .addPrimaryKeyConstraint('journal_key', ['run', 'position'])
    .addCheckConstraint('journal_state', sql`state in ('waiting', 'begun', 'applied', 'failed', 'skipped', 'unknown')`)
    .execute();
}

async function createLease(schema: Kysely<unknown>['schema']): Promise<void> {
  await schema
    .createTable('lease')
    .addColumn('name', 'text', key)
    .addColumn('holder', 'text', required)
    .addColumn('expires_at', 'bigint', required)
    .execute();
}

async function createDrift(schema: Kysely<unknown>['schema']): Promise<void> {
  await schema
    .createTable('drift')
    .addColumn('address', 'text', required)
    .addColumn('kind', 'text', required)
    .addColumn('subject', 'text', required)
    .addColumn('found', 'text', required)
    .addColumn('declared', 'text', required)
    .addColumn('found_at', 'bigint', required)
    .addPrimaryKeyConstraint('drift_key', ['address', 'kind', 'subject'])
    .execute();
}
