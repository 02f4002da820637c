/** Parses the database's URL from the configuration. */
import { resolve } from 'node:path';
import { StoreError } from './store-error.ts';

export type StoreKind = 'sqlite' | 'postgres';

export type DatabaseLocation =
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly url: URL };

/** The path of a database that lives in memory and ends with the process. */
export const memoryPath = ':memory:';

const knownForms = 'Use sqlite:<path>, sqlite::memory: or postgres://<user>@<host>:<port>/<database>.';

/**
 * `sqlite:<path>` (relative paths start from `folder`), `sqlite::memory:`, `postgres://…` or `postgresql://…`.
 * Throws a StoreError that never repeats a password.
 */
export function parseDatabaseUrl(url: string, folder: string): DatabaseLocation {
  const [scheme = '', rest = ''] = splitOnce(url, ':');
  if (scheme === 'sqlite') return sqliteLocation(rest, folder);
  if (scheme === 'postgres' || scheme === 'postgresql') return postgresLocation(url);
  throw new StoreError(`The database URL has the unknown scheme "${scheme}".`, knownForms);
}

function splitOnce(text: string, separator: string): string[] {
  const index = text.indexOf(separator);
  return index < 0 ? [''] : [text.slice(0, index), text.slice(index + 1)];
}

function sqliteLocation(path: string, folder: string): DatabaseLocation {
  if (path === '') throw new StoreError('The database URL names no file.', knownForms);
  return { kind: 'sqlite', path: path === memoryPath ? memoryPath : resolve(folder, path) };
}

function postgresLocation(text: string): DatabaseLocation {
  const url = URL.parse(text);
  if (url === null) throw new StoreError('The database URL is not a URL.', knownForms);
  if (url.password !== '' || url.searchParams.has('password')) {
    throw new StoreError(
      'The database URL contains a password.',
      'Put the password into a file that only the appservice can read, and name it as passwordPath.',
    );
  }
  return { kind: 'postgres', url };
}
