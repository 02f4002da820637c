/** Alerts that somebody has said something of, and what their devices said. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const alerts: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('alert')
      .addColumn('event_id', 'text', (column) => column.primaryKey())
      .addColumn('room_id', 'text', (column) => column.notNull())
      .addColumn('sender', 'text', (column) => column.notNull())
      .addColumn('sent_at', 'bigint', (column) => column.notNull())
      .execute();
    await schema
      .createTable('alert_receipt')
      .addColumn('event_id', 'text', (column) => column.notNull().references('alert.event_id').onDelete('cascade'))
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('device_id', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('recorded_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('alert_receipt_key', ['event_id', 'user_id', 'device_id', 'kind', 'at'])
      .execute();
  },
  async down({ schema }: Kysely<unknown>) {
    await schema.dropTable('alert_receipt').execute();
    await schema.dropTable('alert').execute();
  },
};
