/** The running stack as the browser tests see it, and the invented people who take part. */
import { readStackFile, type StackDomain, type StackPerson } from '#stack/stack-file.ts';
import { serverNameSchema } from '#contract/ids.ts';

const stackFilePath = process.env['LANDBOTE_STACK_FILE'];

/** Throws with the remedy if no stack is named. */
async function readStack(): ReturnType<typeof readStackFile> {
  if (stackFilePath === undefined) {
    throw new Error('Name a running stack in LANDBOTE_STACK_FILE, for example .local/stack.json of npm start.');
  }
  return readStackFile(stackFilePath);
}

export const stack = await readStack();

export function domainOf(serverName: string): StackDomain {
  const domain = stack.domains[serverNameSchema.parse(serverName)];
  if (domain === undefined) throw new Error(`The stack runs no homeserver ${serverName}.`);
  return domain;
}

export interface Visitor {
  readonly person: StackPerson;
  readonly clientUrl: string;
}

/** A person of the stack together with the client that the person opens. */
export function visitor(serverName: string, localpart: string): Visitor {
  const { people, clientUrl } = domainOf(serverName);
  const person = people.find(({ userId }) => userId === `@${localpart}:${serverName}`);
  if (person === undefined || clientUrl === null) throw new Error(`Nobody called ${localpart} is on ${serverName}.`);
  return { person, clientUrl };
}
