import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres, type TestPostgres } from '#test/harness/postgres.ts';
import { migrate } from './migrate.ts';
import { migrationsFor } from './migrations/index.ts';
import { openStore, type Store, type StoreOptions } from './open-store.ts';

let folder: string;
let postgres: TestPostgres;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landbote-store-'));
  postgres = await startPostgres();
});

afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true });
});

const emptyDatabases: Record<Store['kind'], () => Promise<StoreOptions>> = {
  sqlite: async () => ({ url: `sqlite:${(files += 1)}.db`, folder }),
  postgres: async () => ({ url: await postgres.createDatabase(), passwordPath: postgres.passwordPath }),
};

const tables = [
  'agreement',
  'alert',
  'alert_receipt',
  'approval',
  'audit',
  'audit_head',
  'conversation',
  'drift',
  'inbox',
  'journal',
  'lease',
  'liaison',
  'plan',
  'planned_change',
  'removal',
  'revision',
  'room',
  'run',
  'session',
];
const room = { address: 'room/hmdi', room_id: '!room', class: 'dienststelle', created_at: 1_790_000_000_000 };

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  async function withStore(work: (store: Store, options: StoreOptions) => Promise<void>): Promise<void> {
    const options = await emptyDatabases[kind]();
    const store = await openStore(options);
    try {
      await work(store, options);
    } finally {
      await store.close();
    }
  }

  test('an empty database gets every table', () =>
    withStore(async ({ db, kind: opened }) => {
      const names = (await db.introspection.getTables()).map(({ name }) => name).filter((name) => name !== undefined);
      expect(names.filter((name) => !name.startsWith('sqlite_')).sort()).toEqual(tables);
      expect(opened).toBe(kind);
    }));

  test('opening it a second time changes nothing and finds what was written', () =>
    withStore(async (store, options) => {
      await store.db.insertInto('room').values(room).execute();
      const again = await openStore(options);
      try {
        expect(await again.db.selectFrom('room').selectAll().execute()).toEqual([room]);
      } finally {
        await again.close();
      }
    }));

  test('times in milliseconds and counts come back as numbers', () =>
    withStore(async ({ db }) => {
      await db.insertInto('room').values(room).execute();
      const row = await db
        .selectFrom('room')
        .select(({ fn }) => [fn.max('created_at').as('latest'), fn.countAll().as('rows')])
        .executeTakeFirstOrThrow();
      expect(row).toEqual({ latest: 1_790_000_000_000, rows: 1 });
    }));

  test('revisions are numbered from 1, and only one can be in force', () =>
    withStore(async ({ db }) => {
      const revision = { digest: 'd', document: '{}', author: '@a:b', state: 'approved', created_at: 1 } as const;
      const first = await db.insertInto('revision').values(revision).returning('number').executeTakeFirstOrThrow();
      expect(first).toEqual({ number: 1 });
      await expect(db.insertInto('revision').values(revision).execute()).rejects.toThrow(/unique/i);
    }));

  test('a plan needs its revision', () =>
    withStore(async ({ db }) => {
      const plan = { digest: 'd', revision: 7, document: '{}', state: 'applied', created_at: 1 } as const;
      await expect(db.insertInto('plan').values(plan).execute()).rejects.toThrow(/foreign key/i);
    }));

  test('a transaction that throws leaves nothing behind', () =>
    withStore(async (store) => {
      const failing = store.transaction(async (transaction) => {
        await transaction.insertInto('room').values(room).execute();
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await store.db.selectFrom('room').selectAll().execute()).toEqual([]);
    }));

  test('a migration that fails leaves the database as it was', () =>
    withStore(async ({ db }) => {
      const failing = migrate(db, {
        ...migrationsFor(kind),
        '9998-half': { up: (database) => database.schema.createTable('half').addColumn('id', 'integer').execute() },
        '9999-failing': { up: () => Promise.reject(new Error('no space left')) },
      });
      await expect(failing).rejects.toThrow(/no space left.*Nothing was changed/);
      await migrate(db, migrationsFor(kind));
      expect((await db.introspection.getTables()).map(({ name }) => name)).not.toContain('half');
    }));

  test('every migration can be undone and done again', () =>
    withStore(async ({ db }) => {
      const migrations = migrationsFor(kind);
      const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
      const tableNames = async () => (await db.introspection.getTables()).map(({ name }) => name).toSorted();
      const before = await tableNames();
      for (const _ of Object.keys(migrations)) expect(await migrator.migrateDown()).not.toHaveProperty('error');
      expect(await tableNames()).not.toContain('revision');
      await migrate(db, migrations);
      expect(await tableNames()).toEqual(before);
    }));

  test('a database that a newer version has changed is refused', () =>
    withStore(async ({ db }, options) => {
      await migrate(db, { ...migrationsFor(kind), '9999-future': { up: () => Promise.resolve() } });
      await expect(openStore(options)).rejects.toThrow(/9999-future.*newer version/);
    }));
});

test('transactions on SQLite queue instead of mixing', async () => {
  const store = await openStore({ url: 'sqlite::memory:' });
  const steps: string[] = [];
  const names = ['first', 'second', 'third'];
  await Promise.all(
    names.map((name) =>
      store.transaction(async (transaction) => {
        steps.push(`${name} begins`);
        await transaction
          .insertInto('room')
          .values({ ...room, address: name, room_id: name })
          .execute();
        await transaction.selectFrom('room').selectAll().execute();
        steps.push(`${name} ends`);
      }),
    ),
  );
  await store.close();
  expect(steps).toEqual(names.flatMap((name) => [`${name} begins`, `${name} ends`]));
});

test('SQLite is durable, checks references and is readable for its owner alone', async () => {
  const store = await openStore({ url: 'sqlite:pragmas.db', folder });
  const { rows } = await sql`
    select journal_mode, synchronous, foreign_keys
    from pragma_journal_mode, pragma_synchronous, pragma_foreign_keys
  `.execute(store.db);
  await store.close();
  expect(rows).toEqual([{ journal_mode: 'wal', synchronous: 2, foreign_keys: 1 }]);
  expect((await stat(join(folder, 'pragmas.db'))).mode & 0o777).toBe(0o600);
});

describe('a clear refusal with its remedy', () => {
  const refused = async (options: StoreOptions): Promise<string> => {
    const error = await openStore(options).catch((reason: unknown) => reason);
    return error instanceof Error ? error.message : 'opened';
  };

  test.each([
    ['an unknown scheme', { url: 'mysql://db/x' }, /unknown scheme "mysql"\. Use sqlite:<path>/],
    ['no scheme', { url: 'appservice.db' }, /unknown scheme ""\. Use/],
    ['no path', { url: 'sqlite:' }, /names no file\. Use/],
    [
      'a missing folder',
      { url: 'sqlite:/nowhere/at/all.db' },
      /\/nowhere\/at\/all\.db cannot be opened.*folder exists/,
    ],
    [
      'an unreadable password file',
      { url: 'postgres://a@127.0.0.1/b', passwordPath: '/nowhere/password' },
      /\/nowhere\/password of the database cannot be read.*0600/,
    ],
  ])('%s', async (_case, options, message) => {
    expect(await refused(options)).toMatch(message);
  });

  test('a file that is no database', async () => {
    await writeFile(join(folder, 'letter.txt'), 'Sehr geehrte Damen und Herren, dies ist keine Datenbank.\n');
    expect(await refused({ url: 'sqlite:letter.txt', folder })).toMatch(
      /letter\.txt cannot be opened.*SQLite database/,
    );
  });

  test('a password in the URL, which is not repeated', async () => {
    const message = await refused({ url: 'postgres://landbote:geheim@127.0.0.1/landbote' });
    expect(message).toMatch(/contains a password.*passwordPath/);
    expect(message).not.toContain('geheim');
  });

  test('a wrong password', async () => {
    await writeFile(join(folder, 'wrong-password'), 'wrong\n');
    const options = { url: postgres.url, passwordPath: 'wrong-password', folder };
    expect(await refused(options)).toMatch(/does not answer.*password authentication failed.*passwordPath/);
  });
});
