/** Everything that the appservice reads from files before it starts, with all problems at once. */
import { readFile } from 'node:fs/promises';
import type { KeyObject } from 'node:crypto';
import type { ServerName } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import { readAuditKey, type AuditKey } from './audit/checkpoint.ts';
import type { Config } from './config.ts';
import { readEd25519Key } from './ed25519-key.ts';
import { readRegistration, type Registration } from './matrix/registration.ts';
import { formatDiagnostic } from './organisation/diagnostic.ts';
import { loadOrganisation } from './organisation/load-organisation.ts';
import { StartError } from './start-error.ts';

export interface Inputs {
  readonly organisation: Organisation;
  readonly registrations: { readonly provisioner: Registration; readonly people: Registration };
  readonly wallToken: string;
  readonly auditKey: AuditKey;
  readonly rosterKey: KeyObject;
  /** null: people are joined one by one. */
  readonly memberships: { readonly url: string; readonly token: string } | null;
}

/** Throws a StartError that names every problem of every file. */
export async function readInputs(config: Config): Promise<Inputs> {
  const problems: string[] = [];
  const [organisation, provisioner, people, wallToken, auditKey, rosterKey, memberships] = await Promise.all([
    collect(readOrganisation(config), problems),
    collect(readRegistration(config.registrations.provisioner), problems),
    collect(readRegistration(config.registrations.people), problems),
    collect(readToken(config.wallTokenPath), problems),
    collect(readAudit(config), problems),
    collect(readKey(config.rosterKeyPath, readEd25519Key), problems),
    collect(readMemberships(config), problems),
  ]);
  const isMissing = organisation === null || provisioner === null || people === null || wallToken === null;
  if (isMissing || auditKey === null || rosterKey === null || problems.length > 0) throw new StartError(problems);
  return { organisation, registrations: { provisioner, people }, wallToken, auditKey, rosterKey, memberships };
}

async function collect<Value>(reading: Promise<Value>, problems: string[]): Promise<Value | null> {
  try {
    return await reading;
  } catch (error) {
    problems.push(...(error instanceof StartError ? error.problems : [String(error)]));
    return null;
  }
}

async function readOrganisation({ organisation, serverName }: Config): Promise<Organisation> {
  const result = await loadOrganisation(organisation);
  if (!result.ok) throw new StartError(result.diagnostics.map(formatDiagnostic));
  requireServer(result.organisation, serverName);
  return result.organisation;
}

function requireServer({ domain }: Organisation, serverName: ServerName): void {
  if (domain.servers.some(({ name }) => name === serverName)) return;
  throw new StartError([
    `The declaration's domain ${domain.id} has no homeserver ${serverName}; add it to domain.yaml.`,
  ]);
}

async function readMemberships({ memberships }: Config): Promise<Inputs['memberships']> {
  return memberships === undefined ? null : { url: memberships.url, token: await readToken(memberships.tokenPath) };
}

async function readToken(path: string): Promise<string> {
  const token = (await readFile(path, 'utf8')).trim();
  if (token === '') throw new StartError([`${path} is empty; it must hold a token.`]);
  return token;
}

function readAudit({ auditKeyPath, serverName }: Config): Promise<AuditKey> {
  return readKey(auditKeyPath, (pem) => readAuditKey(`${serverName}/audit`, pem));
}

async function readKey<Key>(path: string, read: (pem: string) => Key): Promise<Key> {
  try {
    return read(await readFile(path, 'utf8'));
  } catch (error) {
    throw new StartError([`${path}: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
