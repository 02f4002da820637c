/** What plans do, change by change. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const plannedChanges: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('planned_change')
      .addColumn('plan', 'text', (column) => column.notNull().references('plan.digest'))
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('document', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('planned_change_key', ['plan', 'position'])
      .execute();
  },
  async down({ schema }: Kysely<unknown>) {
    await schema.dropTable('planned_change').execute();
  },
};
