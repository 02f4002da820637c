import type { ColumnDefinitionBuilder } from 'kysely';
import type { StoreKind } from '../database-location.ts';

/** Makes an integer column the primary key, which the database numbers and never uses twice. */
export type NumberColumn = (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;

/** The one thing that both databases write differently. */
export function numberedBy(kind: StoreKind): NumberColumn {
  return kind === 'sqlite'
    ? (column) => column.primaryKey().autoIncrement()
    : (column) => column.primaryKey().generatedAlwaysAsIdentity();
}
