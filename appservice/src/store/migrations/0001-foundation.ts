/** The first tables: schema.ts says what they hold. Times are bigint, as they are in milliseconds. */
import { sql, type ColumnDefinitionBuilder, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { NumberColumn } from './numbered-by.ts';

type Schema = Kysely<unknown>['schema'];

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();
const key = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.primaryKey().notNull();

export function foundation(numbered: NumberColumn): Migration {
  return {
    async up(database: Kysely<unknown>) {
      const { schema } = database;
      await createRevisions(schema, numbered);
      await createPlans(schema);
      await createRooms(schema);
      await createConversations(schema);
      await createInbox(schema);
      await createSessions(schema);
      await createAudit(database);
    },
    async down({ schema }: Kysely<unknown>) {
      const tables = ['audit_head', 'audit', 'session', 'inbox', 'conversation', 'room', 'plan', 'revision'];
      for (const table of tables) await schema.dropTable(table).execute();
    },
  };
}

async function createRevisions(schema: Schema, numbered: NumberColumn): Promise<void> {
  await schema
    .createTable('revision')
    .addColumn('number', 'integer', numbered)
    .addColumn('digest', 'text', required)
    .addColumn('document', 'text', required)
    .addColumn('author', 'text', required)
    .addColumn('state', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addCheckConstraint('revision_state', sql`state in ('awaiting-approval', 'approved', 'superseded')`)
    .execute();
  // At most one revision is in force.
  await schema
    .createIndex('revision_in_force')
    .unique()
    .on('revision')
    .column('state')
    .where(sql.ref('state'), '=', sql.lit('approved'))
    .execute();
}

async function createPlans(schema: Schema): Promise<void> {
  await schema
    .createTable('plan')
    .addColumn('digest', 'text', key)
    .addColumn('revision', 'integer', (column) => column.notNull().references('revision.number'))
    .addColumn('document', 'text', required)
    .addColumn('state', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addCheckConstraint(
      'plan_state',
      sql`state in ('awaiting-approval', 'applying', 'applied', 'incomplete', 'superseded')`,
    )
    .execute();
}

async function createRooms(schema: Schema): Promise<void> {
  await schema
    .createTable('room')
    .addColumn('address', 'text', key)
    .addColumn('room_id', 'text', (column) => column.notNull().unique())
    .addColumn('class', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .execute();
}

async function createConversations(schema: Schema): Promise<void> {
  await schema
    .createTable('conversation')
    .addColumn('address', 'text', key)
    .addColumn('class', 'text', required)
    .addColumn('name', 'text')
    .addColumn('created_by', 'text', required)
    .addColumn('members', 'text', required)
    .addColumn('direct_key', 'text', (column) => column.unique())
    .addColumn('created_at', 'bigint', required)
    .addCheckConstraint('conversation_class', sql`class in ('direkt', 'gruppe')`)
    .execute();
}

async function createInbox(schema: Schema): Promise<void> {
  await schema
    .createTable('inbox')
    .addColumn('event_id', 'text', key)
    .addColumn('content', 'text', required)
    .addColumn('received_at', 'bigint', required)
    .addColumn('handled_at', 'bigint')
    .execute();
  await schema.createIndex('inbox_handled_at').on('inbox').column('handled_at').execute();
}

async function createSessions(schema: Schema): Promise<void> {
  await schema
    .createTable('session')
    .addColumn('token_hash', 'text', key)
    .addColumn('user_id', 'text', required)
    .addColumn('expires_at', 'bigint', required)
    .execute();
  await schema.createIndex('session_expires_at').on('session').column('expires_at').execute();
}

async function createAudit(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('audit')
    .addColumn('sequence', 'bigint', key)
    .addColumn('at', 'bigint', required)
    .addColumn('actor', 'text', required)
    .addColumn('action', 'text', required)
    .addColumn('subject', 'text', required)
    .addColumn('detail', 'text', required)
    .addColumn('previous_hash', 'text', required)
    .addColumn('hash', 'text', required)
    .execute();
  await database.schema
    .createTable('audit_head')
    .addColumn('id', 'integer', (column) => key(column).check(sql`id = 1`))
    .addColumn('sequence', 'bigint', required)
    .addColumn('hash', 'text', required)
    .execute();
  // The chain begins at nothing: number 0, and 64 zeros where a hash would stand.
  await sql`insert into audit_head (id, sequence, hash) values (1, 0, ${'0'.repeat(64)})`.execute(database);
}
