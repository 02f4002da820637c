import SQLite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { onTestFinished } from 'vitest';
import type { Database } from '#appservice/store/schema.ts';

/** A database of its own for one test, in memory. */
export async function openTestDatabase(): Promise<Kysely<Database>> {
  const sqlite = new SQLite(':memory:');
  sqlite.exec(`create table session(token_hash text primary key, user_id text not null, expires_at integer not null);
  create table inbox(event_id text primary key, content text not null, received_at integer not null, handled_at integer);
  create table room(address text primary key, room_id text not null unique, class text not null, created_at integer not null);
  create table conversation(address text primary key, class text not null, name text, created_by text not null, members text not null, direct_key text unique, created_at integer not null);`);
  const database = new Kysely<Database>({ dialect: new SqliteDialect({ database: sqlite }) });
  onTestFinished(() => database.destroy());
  return database;
}
