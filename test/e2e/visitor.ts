/** An invented person together with the client that the person opens. */
import { serverNameSchema } from '#contract/ids.ts';
import type { StackFile, StackPerson } from '#stack/stack-file.ts';

export interface Visitor {
  readonly person: StackPerson;
  readonly clientUrl: string;
  /** Base of the client-server API. */
  readonly homeserverUrl: string;
  readonly appserviceUrl: string;
}

/** Throws if the stack has no such person or homeserver. */
export function visitorIn(stack: StackFile, serverName: string, localpart: string): Visitor {
  const domain = stack.domains[serverNameSchema.parse(serverName)];
  const person = domain?.people.find(({ userId }) => userId === `@${localpart}:${serverName}`);
  if (person === undefined || domain === undefined || domain.clientUrl === null || domain.appserviceUrl === null) {
    throw new Error(`Nobody called ${localpart} is on ${serverName}.`);
  }
  return {
    person,
    clientUrl: domain.clientUrl,
    homeserverUrl: domain.clientApiUrl,
    appserviceUrl: domain.appserviceUrl,
  };
}
