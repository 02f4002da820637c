/**
 * Two trust domains that have declared each other as partners: a stack of its own, because the reference organisation
 * declares none. Their signing keys are made before the start, as if two people had compared the fingerprints.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { agreementSchema, agreementsSchema, partnersSchema, type AgreementView } from '#contract/agreement.ts';
import {
  botOf,
  roomIdSchema,
  serverNameSchema,
  userIdSchema,
  type RoomId,
  type ServerName,
  type UserId,
} from '#contract/ids.ts';
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
import { accepted, joinedMembers, readState } from '#test/harness/matrix/rooms.ts';
import { signIn, type MatrixSession } from '#test/harness/matrix/session.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { signInToApi, type ApiSession } from '../../integration/api-session.ts';

export const land = serverNameSchema.parse('land.hessen.test');
export const police = serverNameSchema.parse('polizei.hessen.test');

/** Below the ports that systems hand out to outgoing connections. */
const portBase = 17_800;

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

/** @param keys other keys than those that are declared, by server: a partner that is not who it says */
export async function startTwoDomains(
  actualKeys: ReadonlyMap<ServerName, SigningKey> = new Map(),
): Promise<TwoDomains> {
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

const personOf = (name: string, server: ServerName): UserId => userIdSchema.parse(`@${name}:${server}`);
export const proposer = personOf('petra.vorschlag', land);
export const landApprover = personOf('andreas.freigabe', land);
export const clerk = personOf('sabine.lage', land);
export const outsideClerk = personOf('ole.ohne', land);
export const firstOfficer = personOf('bernd.leitung', police);
export const secondOfficer = personOf('carla.leitung', police);
export const patrol = personOf('dirk.streife', police);
export const otherPatrol = personOf('eva.streife', police);

const landBody = `
id: stab
short: Stab
name: Krisenstab
server: land.hessen.test
units: [{ id: lage, name: Lage }]
people:
  - { id: petra.vorschlag, name: Petra Vorschlag, roles: [provisioner, auditor] }
  - { id: andreas.freigabe, name: Andreas Freigabe, roles: [approver] }
  - { id: sabine.lage, name: Sabine Lage, unit: lage }
  - { id: ole.ohne, name: Ole Ohne }
announcers: [{ person: petra.vorschlag }]
`;
const policeBody = `
id: praesidium
short: PP
name: Polizeipräsidium
server: polizei.hessen.test
units: [{ id: streife, name: Streife }]
people:
  - { id: bernd.leitung, name: Bernd Leitung, roles: [approver, provisioner, auditor] }
  - { id: carla.leitung, name: Carla Leitung, roles: [approver] }
  - { id: dirk.streife, name: Dirk Streife, unit: streife }
  - { id: eva.streife, name: Eva Streife }
announcers: [{ person: bernd.leitung }]
`;

const hourMs = 60 * 60 * 1000;
const askEveryMs = 1_500;

/** Proposes; the second person of the owner has not consented yet. */
export async function propose(domains: TwoDomains, changes: object = {}): Promise<AgreementView> {
  const body = {
    partner: 'polizei',
    name: 'Hochwasser Eder',
    purpose: 'Gemeinsame Lage beim Hochwasser an der Eder.',
    endsAt: new Date(Date.now() + hourMs).toISOString(),
    members: [{ unit: 'stab/lage' }],
    partnerPeople: [patrol],
    ...changes,
  };
  const answer = await (await domains.api(proposer)).request('POST', '/agreements', body);
  return agreementSchema.parse(answer.body);
}

export async function consent(
  domains: TwoDomains,
  person: UserId,
  { terms, digest }: AgreementView,
): Promise<AgreementView> {
  const answer = await (await domains.api(person)).request('POST', `/agreements/${terms.id}/consent`, { digest });
  return agreementSchema.parse(answer.body);
}

/** The agreement as this person's side knows it, once it is in `phase`. */
export async function untilPhase(
  domains: TwoDomains,
  person: UserId,
  id: string,
  phase: AgreementView['phase'],
): Promise<AgreementView> {
  const api = await domains.api(person);
  return waitUntil(`the agreement that is ${phase} at ${person}`, async () => {
    // The API lets one person ask so often and no more.
    await pause(askEveryMs);
    const { agreements } = agreementsSchema.parse((await api.request('GET', '/agreements')).body);
    return agreements.find((agreement) => agreement.terms.id === id && agreement.phase === phase);
  });
}

/** Proposes, and has all four people consent. */
export async function agree(domains: TwoDomains, changes: object = {}): Promise<AgreementView> {
  const proposed = await propose(domains, changes);
  await consent(domains, landApprover, proposed);
  await untilPhase(domains, firstOfficer, proposed.terms.id, 'received');
  await consent(domains, firstOfficer, proposed);
  await consent(domains, secondOfficer, proposed);
  return untilPhase(domains, landApprover, proposed.terms.id, 'open');
}

/** The room's id, once exactly `people` and the owner's bot are in it. */
export function untilTogether(
  domains: TwoDomains,
  { terms }: AgreementView,
  people: readonly UserId[],
): Promise<RoomId> {
  const expected = [botOf(land), ...people].toSorted();
  return waitUntil(`${people.join(', ')} in the joint room`, async () => {
    const { room } = await untilPhase(domains, landApprover, terms.id, 'open');
    if (room === null) return undefined;
    const members = joinedMembers(await readState(await domains.matrix(clerk), room).catch(() => []));
    return JSON.stringify(members.toSorted()) === JSON.stringify(expected) ? room : undefined;
  });
}

export async function invitationsOf(domains: TwoDomains, person: UserId): Promise<readonly RoomId[]> {
  const sync = await (await domains.matrix(person)).request('GET', '/v3/sync?timeout=0');
  const { rooms } = z
    .object({ rooms: z.object({ invite: z.record(z.string(), z.unknown()).default({}) }).default({ invite: {} }) })
    .parse(sync.body);
  return Object.keys(rooms.invite).map((room) => roomIdSchema.parse(room));
}

export async function endBy(domains: TwoDomains, person: UserId, { terms }: AgreementView): Promise<void> {
  const api = await domains.api(person);
  accepted(await api.request('POST', `/agreements/${terms.id}/end`, { reason: 'Einsatz vorbei' }));
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

export const refusedSchema = z.object({ code: z.string() });

/** Each side has seen that the other one signs with the declared key. */
export async function untilKeysAreConfirmed(domains: TwoDomains, people: readonly UserId[]): Promise<void> {
  for (const person of people) {
    const api = await domains.api(person);
    await waitUntil(`the partner's key at ${person}`, async () => {
      await pause(askEveryMs);
      const { partners } = partnersSchema.parse((await api.request('GET', '/partners')).body);
      return partners.every(({ isKeyConfirmed }) => isKeyConfirmed === true) ? true : undefined;
    });
  }
}
