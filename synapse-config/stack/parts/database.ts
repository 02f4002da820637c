/** Where homeservers and appservices of a stack keep their data. */
import { join } from 'node:path';
import type { DatabaseParameters } from '../../homeserver/parameters.ts';
import type { StackServer } from '../servers.ts';

export interface AppserviceDatabase {
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
