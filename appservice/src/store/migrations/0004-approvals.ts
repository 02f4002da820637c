/** Approvals by several people, the moment of a sign-in, and at most one revision that waits. */
import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const approvals: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('approval')
      .addColumn('plan', 'text', (column) => column.notNull().references('plan.digest'))
      .addColumn('approver', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('approval_key', ['plan', 'approver'])
      .execute();
    // A session that was opened before this counts as old: 0 is 1970.
    await schema
      .alterTable('session')
      .addColumn('opened_at', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
    await schema
      .createIndex('revision_waiting')
      .unique()
      .on('revision')
      .column('state')
      .where(sql.ref('state'), '=', sql.lit('awaiting-approval'))
      .execute();
  },
  async down({ schema }: Kysely<unknown>) {
    await schema.dropIndex('revision_waiting').execute();
    await schema.alterTable('session').dropColumn('opened_at').execute();
    await schema.dropTable('approval').execute();
  },
};
