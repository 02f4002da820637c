/**
 * Who takes part in the tests: people of the running stack, chosen by where they belong.
 */
import { inject } from 'vitest';
import type { ServerName } from '#contract/ids.ts';
import { readStackFile, type StackDomain, type StackPerson } from '#stack/stack-file.ts';
import { signIn, type MatrixSession } from '#test/harness/matrix/session.ts';
import { signInToApi, type ApiSession } from './api-session.ts';

/** A homeserver with an appservice. */
export interface ProvisionedHomeserver {
  readonly serverName: ServerName;
  readonly appserviceUrl: string;
  readonly domain: StackDomain;
}

export interface SignedInPerson {
  readonly person: StackPerson;
  readonly matrix: MatrixSession;
  readonly api: ApiSession;
}

/** Throws if the stack runs no such homeserver, or one without an appservice. */
export async function provisionedHomeserver(name: string): Promise<ProvisionedHomeserver> {
  const stack = await readStackFile(inject('stackFile'));
  const domain = Object.values(stack.domains).find(({ serverName }) => serverName === name);
  if (domain === undefined || domain.appserviceUrl === null) throw new Error(`the stack has no appservice for ${name}`);
  return { serverName: domain.serverName, appserviceUrl: domain.appserviceUrl, domain };
}

/** The id of the body that the person belongs to. */
export function bodyOf(person: StackPerson): string {
  return person.unit.split('/')[0] ?? '';
}

/** One person of each of the first `count` bodies. Throws if there are fewer. */
export function peopleOfDifferentBodies({ domain }: ProvisionedHomeserver, count: number): StackPerson[] {
  const people = [...Map.groupBy(domain.people, bodyOf).values()].flatMap(([first]) => first ?? []);
  if (people.length < count) throw new Error(`${domain.serverName} has people of ${people.length} bodies only`);
  return people.slice(0, count);
}

/** Signs a person in at the homeserver and at its appservice. */
export async function signInPerson(
  { domain, appserviceUrl }: ProvisionedHomeserver,
  person: StackPerson,
): Promise<SignedInPerson> {
  const matrix = await signIn(domain.clientApiUrl, person.userId, person.password);
  return { person, matrix, api: await signInToApi(appserviceUrl, matrix) };
}
