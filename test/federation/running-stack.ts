/**
 * The running stack as federation tests see it: homeservers to knock at, their keys, logs and people.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { requestLogPath } from '../../synapse-config/homeserver/log-config.ts';
import { serverNameSchema, type ServerName } from '#contract/ids.ts';
import { readStackFile, type StackDomain, type StackFile, type StackPerson } from '#stack/stack-file.ts';
import type { Signer } from '#test/harness/federation/event.ts';
import type { FederationTarget } from '#test/harness/federation/federation-client.ts';
import { readSigningKey } from '#test/harness/federation/signing-key.ts';
import { signIn, type MatrixSession } from '#test/harness/matrix/session.ts';

export interface RunningHomeserver {
  readonly domain: StackDomain;
  readonly target: FederationTarget;
  /** Holds its homeserver.yaml. */
  readonly folder: string;
  readonly requestLog: string;
  /** The server itself, with its real key: what its administrator could sign. */
  readonly signer: Signer;
}

export const land = serverNameSchema.parse('land.hessen.test');
export const polizei = serverNameSchema.parse('polizei.hessen.test');
export const schule = serverNameSchema.parse('schule.hessen.test');
/** Belongs to nobody. */
export const fremd = serverNameSchema.parse('fremd.test');

export function readRunningStack(): Promise<StackFile> {
  return readStackFile(inject('stackFile'));
}

/** Throws if the stack runs no such homeserver. */
export async function runningHomeserver(stack: StackFile, name: ServerName): Promise<RunningHomeserver> {
  const domain = stack.domains[name];
  if (domain === undefined) throw new Error(`the stack runs no homeserver ${name}`);
  const folder = join(domain.dataFolder, 'homeserver');
  const caCertificate = await readFile(stack.ca.certificatePath, 'utf8');
  return {
    domain,
    target: { serverName: name, url: domain.federationUrl, caCertificate },
    folder,
    requestLog: requestLogPath(join(folder, 'logs')),
    signer: { serverName: name, key: await readSigningKey(join(folder, 'signing.key')) },
  };
}

/** The first person of the homeserver that fits. Throws if there is none. */
export function somebody(domain: StackDomain, fits: (person: StackPerson) => boolean = () => true): StackPerson {
  const person = domain.people.find(fits);
  if (person === undefined) throw new Error(`${domain.serverName} has no such person`);
  return person;
}

export function signInPerson(domain: StackDomain, person: StackPerson): Promise<MatrixSession> {
  return signIn(domain.clientApiUrl, person.userId, person.password);
}

const policyConfigSchema = z.object({
  modules: z.tuple([z.object({ config: z.object({ base_url: z.url() }) })], z.unknown()),
});

/** Where the homeserver asks its appservice for decisions. */
export async function policyUrlOf({ folder }: RunningHomeserver): Promise<string> {
  const config: unknown = parse(await readFile(join(folder, 'homeserver.yaml'), 'utf8'));
  return policyConfigSchema.parse(config).modules[0].config.base_url;
}
