/**
 * TLS as the only layer (docs/wall.md, layer 8): the homeserver speaks to a server only if an authority of the state vouches
 * for its name, and with nothing older than TLS 1.3. Whitelist, policy and rules are off, and the egress knows every name.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { RoomId } from '#contract/ids.ts';
import {
  issueServerCertificate,
  loadCertificateAuthority,
  openCertificateAuthority,
  type CertificateAuthority,
} from '#stack/certificates.ts';
import { startForgedServer, type ForgedServer, type TlsFiles } from '#test/harness/federation/forged-server.ts';
import { createSigningKey } from '#test/harness/federation/signing-key.ts';
import { roomPath } from '#test/harness/matrix/rooms.ts';
import { readRunningStack } from '../running-stack.ts';
import { startLayeredLand, type LayeredLand } from './layered-land.ts';
import { createOpenRoom } from './open-room.ts';

const [proven, unproven, otherName, outdated] = ['echt.test', 'unbelegt.test', 'anders.test', 'veraltet.test'] as const;

let land: LayeredLand;
let roomId: RoomId;
const servers = new Map<string, ForgedServer>();

beforeAll(async () => {
  const { ca } = await readRunningStack();
  const folder = await mkdtemp(join(tmpdir(), 'landbote-authority-'));
  const state = await loadCertificateAuthority(ca.certificatePath, ca.keyPath);
  const someone = await openCertificateAuthority(folder);
  await start(proven, await certificateOf(state, proven));
  await start(unproven, await certificateOf(someone, unproven));
  await start(otherName, await certificateOf(state, proven));
  await start(outdated, { ...(await certificateOf(state, outdated)), maxVersion: 'TLSv1.2' });
  land = await startLayeredLand({ whitelist: false, policyUrl: null }, { further: [...servers.values()] });
  roomId = await createOpenRoom(land.resident);
  return async () => {
    await land.close();
    await Promise.all([...servers.values()].map((server) => server.close()));
    await rm(folder, { recursive: true });
  };
});

async function certificateOf(authority: CertificateAuthority, name: string): Promise<TlsFiles> {
  const { certificate, key: privateKey } = await issueServerCertificate(authority, name);
  return { certificate, privateKey };
}

async function start(name: string, tls: TlsFiles): Promise<void> {
  servers.set(name, await startForgedServer({ serverName: name, key: createSigningKey() }, tls));
}

/** Whether an invitation got to the server; the egress shows that it was on its way. */
async function isReached(name: string): Promise<boolean> {
  const { status } = await land.resident.request('POST', roomPath(roomId, 'invite'), { user_id: `@gast:${name}` });
  expect(land.wayOut.records).toContainEqual(
    expect.objectContaining({ target: `${name}:8448`, verdict: 'federation' }),
  );
  const isArrived = servers.get(name)?.received.some(({ uri }) => uri.includes('/v2/invite/')) ?? false;
  expect(status === 200).toBe(isArrived);
  return isArrived;
}

test.each([
  ['whose certificate is of an authority of its own', unproven],
  ['whose certificate names another one', otherName],
  ['that speaks TLS 1.2 at most', outdated],
])('a server %s hears nothing', async (_what, name) => {
  expect(await isReached(name)).toBe(false);
});

test('a server for which the state’s authority vouches gets the invitation: the control', async () => {
  expect(await isReached(proven)).toBe(true);
});
