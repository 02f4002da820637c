/** Agreements with other trust domains, and the rooms in which partners that made them speak with us. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const agreements: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('agreement')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('terms', 'text', (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addColumn('consents', 'text', (column) => column.notNull())
      .addColumn('people', 'text')
      .addColumn('heard', 'text')
      .addColumn('ended', 'text')
      .addColumn('room_id', 'text')
      .addColumn('closed_at', 'bigint')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute();
    await schema
      .createTable('liaison')
      .addColumn('partner', 'text', (column) => column.primaryKey())
      .addColumn('room_id', 'text', (column) => column.notNull())
      .execute();
  },
  async down({ schema }: Kysely<unknown>) {
    await schema.dropTable('liaison').execute();
    await schema.dropTable('agreement').execute();
  },
};
