/** Whom moderators have put out of rooms. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const removals: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('removal')
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('removal_key', ['address', 'user_id'])
      .execute();
  },
  async down({ schema }: Kysely<unknown>) {
    await schema.dropTable('removal').execute();
  },
};
