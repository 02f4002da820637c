/**
 * Two trust domains that have declared each other as partners: a stack of its own, because the reference organisation
 * declares none. Their signing keys are made before the start, as if two people had compared the fingerprints.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import type { ServerName, UserId } from '#contract/ids.ts';
import { fingerprintOf } from '#appservice/agreements/fingerprint.ts';
import { keptRosterKey } from '#stack/parts/appservice.ts';
import { startStack, type Stack } from '#stack/stack.ts';
import type { Signer } from '#test/harness/federation/event.ts';
import {
  sendFederationRequest,
  type FederationAnswer,
  type UnaddressedRequest,
} from '#test/harness/federation/federation-client.ts';
import {
  createSigningKey,
  publicKeyOf,
  readSigningKey,
  unpaddedBase64,
  type SigningKey,
} from '#test/harness/federation/signing-key.ts';
import { signIn, type MatrixSession } from '#test/harness/matrix/session.ts';
import { testPorts } from '#test/harness/test-ports.ts';
import { signInToApi, type ApiSession } from '../../integration/api-session.ts';
import { land, landBody, police, policeBody } from './two-organisations.ts';

interface Side {
  readonly domain: string;
  readonly name: string;
  readonly server: ServerName;
  readonly body: string;
  readonly key: SigningKey;
  readonly rosterKey: string;
}

export interface TwoDomains {
  readonly stack: Stack;
  matrix(person: UserId): Promise<MatrixSession>;
  api(person: UserId): Promise<ApiSession>;
  /** The police's homeserver as its administrator could pretend to be, at the door of the ministries'. */
  knockAsPolice(request: UnaddressedRequest): Promise<FederationAnswer>;
  readonly policeSigner: Signer;
  stop(): Promise<void>;
}

export interface TwoDomainsOptions {
  /** Other ones where two stacks run side by side. */
  readonly portBase?: number;
  /** Other keys than those that are declared, by server: a partner that is not who it says. */
  readonly actualKeys?: ReadonlyMap<ServerName, SigningKey>;
}

export async function startTwoDomains({
  portBase = testPorts.twoDomains,
  actualKeys = new Map(),
}: TwoDomainsOptions = {}): Promise<TwoDomains> {
  const folder = await mkdtemp(join(tmpdir(), 'landbote-two-domains-'));
  const sides: Side[] = [
    { domain: 'land', name: 'Land Hessen', server: land, body: landBody, ...(await makeKeys(folder, land)) },
    {
      domain: 'polizei',
      name: 'Polizei Hessen',
      server: police,
      body: policeBody,
      ...(await makeKeys(folder, police)),
    },
  ];
  for (const side of sides) await declare(folder, side, sides);
  for (const { server, key } of sides) await placeKey(folder, server, actualKeys.get(server) ?? key);
  const declarations = new Map(sides.map(({ domain }) => [domain, join(folder, 'declared', domain)]));
  const stack = await startStack({ folder, portBase, servers: [land, police], declarations });
  const domainOf = (person: UserId) => {
    const domain = Object.values(stack.file.domains).find(({ people }) =>
      people.some(({ userId }) => userId === person),
    );
    if (domain?.appserviceUrl == null) throw new Error(`nobody declared ${person}`);
    return { ...domain, appserviceUrl: domain.appserviceUrl };
  };
  // Signed in once each: the homeservers let nobody sign in as often as these tests act.
  const sessions = new Map<UserId, Promise<MatrixSession>>();
  const matrix = (person: UserId): Promise<MatrixSession> => {
    const { clientApiUrl, people } = domainOf(person);
    const password = people.find(({ userId }) => userId === person)?.password ?? '';
    const session = sessions.get(person) ?? signIn(clientApiUrl, person, password);
    sessions.set(person, session);
    return session;
  };
  const api = async (person: UserId) => signInToApi(domainOf(person).appserviceUrl, await matrix(person));
  const policeSigner = { serverName: police, key: await readSigningKey(signingKeyPath(folder, police)) };
  const caCertificate = await readFile(stack.file.ca.certificatePath, 'utf8');
  const url = stack.file.domains[land]?.federationUrl ?? '';
  return {
    stack,
    matrix,
    api,
    policeSigner,
    knockAsPolice: (request) => sendFederationRequest(request, policeSigner, { serverName: land, url, caCertificate }),
    async stop() {
      await stack.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function makeKeys(folder: string, server: ServerName): Promise<Pick<Side, 'key' | 'rosterKey'>> {
  return { key: createSigningKey(), rosterKey: await keptRosterKey(join(folder, server, 'appservice')) };
}

async function declare(folder: string, side: Side, sides: readonly Side[]): Promise<void> {
  const declared = join(folder, 'declared', side.domain);
  const partners = sides
    .filter((other) => other !== side)
    .map(({ domain, name, server, key, rosterKey }) => ({
      domain,
      name,
      server,
      key: key.id,
      fingerprint: fingerprintOf(publicKeyOf(key)),
      rosterKeys: [rosterKey],
      through: side.server,
    }));
  const servers = [{ name: side.server, operator: 'Betrieb', location: 'im Rechenzentrum' }];
  const domain = { id: side.domain, name: side.name, theme: side.domain, servers, partners };
  await mkdir(join(declared, 'bodies'), { recursive: true });
  await writeFile(join(declared, 'domain.yaml'), JSON.stringify(domain));
  await writeFile(join(declared, 'bodies', 'body.yaml'), side.body);
}

const signingKeyPath = (folder: string, server: ServerName): string =>
  join(folder, server, 'homeserver', 'signing.key');

async function placeKey(folder: string, server: ServerName, { id, seed }: SigningKey): Promise<void> {
  const path = signingKeyPath(folder, server);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${id.replace(':', ' ')} ${unpaddedBase64(seed)}\n`);
}

/** Rows that a homeserver's own database answers. */
export function readDatabase(
  { stack }: TwoDomains,
  server: ServerName,
  query: string,
  ...parameters: readonly string[]
): readonly unknown[] {
  const folder = stack.file.domains[server]?.dataFolder ?? '';
  const database = new Database(join(folder, 'homeserver', 'homeserver.db'), { readonly: true });
  try {
    return database.prepare(query).all(...parameters);
  } finally {
    database.close();
  }
}
