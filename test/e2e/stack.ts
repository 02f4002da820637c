/** The running stack that the browser tests use. */
import { readStackFile } from '#stack/stack-file.ts';
import { visitorIn, type Visitor } from './visitor.ts';

const path = process.env['LANDBOTE_STACK_FILE'];
if (path === undefined) {
  throw new Error('Name a running stack in LANDBOTE_STACK_FILE, for example .local/stack.json of npm start.');
}
const stack = await readStackFile(path);

export function visitor(serverName: string, localpart: string): Visitor {
  return visitorIn(stack, serverName, localpart);
}
