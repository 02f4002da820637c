/**
 * The stack that the tests run against: own folder, own ports, so that a developer's `npm start` can run beside it.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serverNameSchema } from '#contract/ids.ts';
import { terminalProgress } from '#stack/terminal.ts';
import type { StackDatabase, StackOptions } from '#stack/stack.ts';
import { testPorts } from './test-ports.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Homeservers of every test run: both trust domains, and the schools' server that federates with the ministries'. */
const servers = ['land.hessen.test', 'polizei.hessen.test', 'schule.hessen.test'].map((name) =>
  serverNameSchema.parse(name),
);

/**
 * Options of the tests' stack.
 * @param database where homeservers and appservices keep their data; SQLite unless said otherwise
 */
export function testStackOptions(database: StackDatabase = 'sqlite'): StackOptions & { readonly folder: string } {
  return {
    folder: join(repository, '.local', 'test'),
    portBase: testPorts.stack,
    servers,
    database,
    onProgress: terminalProgress({ write: (text) => process.stderr.write(text) }),
  };
}
