import Database from 'better-sqlite3';

/** SQLite's own backup: consistent although the original goes on writing. */
export async function copySqliteFile(from: string, to: string): Promise<void> {
  const database = new Database(from, { readonly: true });
  try {
    await database.backup(to);
  } finally {
    database.close();
  }
}
