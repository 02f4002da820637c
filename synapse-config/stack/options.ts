/** The command line of `npm start`. */
import { parseArgs } from 'node:util';
import type { ServerName } from '#contract/ids.ts';
import { additionalServers, basicServers, defaultPortBase, portCount } from './servers.ts';
import { StackError } from './stack-error.ts';
import type { StackDatabase } from './parts/database.ts';

export interface StartOptions {
  readonly help: boolean;
  readonly reset: boolean;
  readonly servers: readonly ServerName[];
  readonly database: StackDatabase;
  readonly portBase: number;
}

export const helpText = `Starts Landbote on this machine: homeservers, appservices and clients, until Ctrl-C.

  npm start -- [options]

  --with schule         adds the schools' homeserver schule.hessen.test, of the trust domain land
  --with fremd          adds fremd.test, a homeserver that belongs to nobody
  --postgres            keeps data in a PostgreSQL that is started for it, instead of SQLite
  --postgres=URL        keeps data in that PostgreSQL server: postgres://user@host:port/
                        (the user may create databases; password from ~/.pgpass or in the URL)
  --port-base NUMBER    first of the ${portCount} loopback ports in use; ${defaultPortBase} unless told
  --reset               deletes the data of earlier starts first
  --help                shows this text
`;

/** parseArgs knows no option with an optional value, so `--postgres` without one becomes this. */
const ownPostgres = '--postgres=start';

/** Parses the arguments behind `npm start --`. Throws a StackError for what is not understood. */
export function parseOptions(args: readonly string[]): StartOptions {
  const { values } = parse(args.map((argument) => (argument === '--postgres' ? ownPostgres : argument)));
  return {
    help: values.help,
    reset: values.reset,
    servers: [...basicServers, ...new Set(values.with.flatMap((names) => names.split(',')).map(additionalServer))],
    database: databaseOf(values.postgres),
    portBase: portBaseOf(values['port-base']),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        help: { type: 'boolean', default: false },
        reset: { type: 'boolean', default: false },
        with: { type: 'string', multiple: true, default: [] },
        postgres: { type: 'string' },
        'port-base': { type: 'string', default: String(defaultPortBase) },
      },
    });
  } catch (cause) {
    throw notUnderstood(cause instanceof Error ? cause.message : String(cause));
  }
}

function additionalServer(name: string): ServerName {
  const server = additionalServers.get(name);
  if (server === undefined)
    throw notUnderstood(`--with knows ${[...additionalServers.keys()].join(' and ')}, not "${name}".`);
  return server;
}

function databaseOf(text: string | undefined): StackDatabase {
  if (text === undefined) return 'sqlite';
  if (text === 'start') return 'start-postgres';
  if (!isPostgresUrl(text)) throw notUnderstood('--postgres expects an address such as postgres://user@host:5432/.');
  return text;
}

function isPostgresUrl(text: string): text is `postgres://${string}` {
  return /^postgres(ql)?:\/\//.test(text) && URL.canParse(text);
}

function portBaseOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1024 && port <= 65535 - portCount) return port;
  throw notUnderstood(`--port-base expects a number from 1024 to ${65535 - portCount}.`);
}

function notUnderstood(message: string): StackError {
  return new StackError(message.split('\n')[0] ?? message, 'npm start -- --help lists the options.');
}
