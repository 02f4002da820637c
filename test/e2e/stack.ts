/** The running stack that the browser tests use. */
import type { ServerName } from '#contract/ids.ts';
import { readStackFile } from '#stack/stack-file.ts';
import { accountSource, type AccountSource } from '../harness/encryption/accounts.ts';
import { visitorIn, type Visitor } from './visitor.ts';

const path = process.env['LANDBOTE_STACK_FILE'];
if (path === undefined) {
  throw new Error('Name a running stack in LANDBOTE_STACK_FILE, for example .local/stack.json of npm start.');
}
const stackFile = path;
const stack = await readStackFile(stackFile);

/** Fresh accounts, for what an account does only once. */
export function freshAccounts(serverName: ServerName): Promise<AccountSource> {
  return accountSource(stackFile, serverName);
}

export function visitor(serverName: string, localpart: string): Visitor {
  return visitorIn(stack, serverName, localpart);
}
