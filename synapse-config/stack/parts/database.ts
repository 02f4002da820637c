/** Where homeservers and appservices of a stack keep their data. */
import { join } from 'node:path';
import type { DatabaseParameters } from '../../homeserver/parameters.ts';
import { keptSecret } from '../files.ts';
import type { StackServer } from '../servers.ts';
import { StackError } from '../stack-error.ts';

/** `sqlite`, `start-postgres` (one that the stack starts) or the URL of a PostgreSQL server whose user may create databases. */
export type StackDatabase = 'sqlite' | 'start-postgres' | `postgres://${string}` | `postgresql://${string}`;

interface AppserviceDatabase {
  readonly databaseUrl: string;
  readonly databasePasswordPath: string | null;
}

export interface Databases {
  /** `folder`: the homeserver's. */
  homeserver(server: StackServer, folder: string): Promise<DatabaseParameters>;
  appservice(server: StackServer): Promise<AppserviceDatabase>;
}

/** Embedded databases: one file each, beside the configuration. */
export const sqliteDatabases: Databases = {
  homeserver: async (_server, folder) => ({ kind: 'sqlite', path: join(folder, 'homeserver.db') }),
  appservice: async () => ({ databaseUrl: 'sqlite:appservice.db', databasePasswordPath: null }),
};

/** The place in the stack's folder that says where its data are, because they do not move from one to the other. */
const markName = 'database';

/**
 * Throws a StackError when the folder's data are kept elsewhere than `kind` says.
 * @param kind `sqlite` or `postgres`
 */
export async function requireSameDatabase(folder: string, kind: 'sqlite' | 'postgres'): Promise<void> {
  const kept = await keptSecret(join(folder, markName), () => kind);
  if (kept === kind) return;
  throw new StackError(
    `The data in ${folder} are kept in ${kept === 'sqlite' ? 'SQLite' : 'PostgreSQL'}.`,
    `Start ${kept === 'sqlite' ? 'without' : 'with'} --postgres, or begin anew with --reset.`,
  );
}
