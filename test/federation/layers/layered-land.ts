/**
 * The ministries' homeserver with single layers: a copy of the real one whose only neighbours are forged servers.
 * Those of schule and polizei sign with the real servers' keys, as their administrators could.
 */
import { join } from 'node:path';
import { serverNameSchema, type ServerName } from '#contract/ids.ts';
import type { StackFile } from '#stack/stack-file.ts';
import { defaultFolder } from '#stack/stack.ts';
import { startHomeserverCopy, type HomeserverCopy } from '#test/harness/federation/homeserver-copy/homeserver-copy.ts';
import type { Layers } from '#test/harness/federation/homeserver-copy/copied-config.ts';
import { openWayOut, type WayOut } from '#test/harness/federation/homeserver-copy/way-out.ts';
import { sendFederationRequest, type FederationAnswer } from '#test/harness/federation/federation-client.ts';
import type { ForgedServer } from '#test/harness/federation/forged-server.ts';
import { createSigningKey } from '#test/harness/federation/signing-key.ts';
import { signIn, signOut, type MatrixSession } from '#test/harness/matrix/session.ts';
import { startForgedPeer } from '../forged-peer.ts';
import type { Attempt, Door } from '../doors/door.ts';
import { roomWithSchools, schoolUnit } from '../rooms.ts';
import {
  fremd,
  land,
  polizei,
  readRunningStack,
  runningHomeserver,
  schule,
  signInPerson,
  somebody,
  type RunningHomeserver,
} from '../running-stack.ts';

/** Where the checkout's stacks have their Python. */
const python = join(defaultFolder, 'venv', 'bin', 'python');

export interface LayeredLand {
  readonly copy: HomeserverCopy;
  readonly wayOut: WayOut;
  /** Somebody of the ministry for schools. */
  readonly resident: MatrixSession;
  /** The forged server of that name. */
  peer(name: ServerName): ForgedServer;
  /** Tries a door as the server of that name. */
  tryDoor(door: Door, name: ServerName, attempt: Omit<Attempt, 'origin' | 'resident'>): Promise<FederationAnswer>;
  /** Signs in another person of the ministry for schools. */
  signInColleague(): Promise<MatrixSession>;
  close(): Promise<void>;
}

export interface Surroundings {
  /** Where events are pushed; unless told, to an appservice that is stopped. */
  readonly appserviceUrl?: string;
  /** Forged servers beside the usual ones, which the egress knows too. */
  readonly further?: readonly ForgedServer[];
}

export async function startLayeredLand(
  layers: Layers,
  { appserviceUrl, further = [] }: Surroundings = {},
): Promise<LayeredLand> {
  const stack = await readRunningStack();
  const peers = await startPeers(stack);
  const reachable = [...peers.values(), ...further];
  const wayOut = await openWayOut(stack, new Map(reachable.map(({ signer, port }) => [signer.serverName, port])));
  const original = await runningHomeserver(stack, land);
  const [first, second] = original.domain.people.filter(({ unit }) => unit === schoolUnit);
  await untilProvisioned(original, second);
  const source = { folder: original.folder, caCertificate: original.target.caCertificate, python };
  const copy = await startHomeserverCopy(source, layers, {
    egressPort: wayOut.port,
    ...(appserviceUrl !== undefined && { appserviceUrl }),
  });
  const enter = (person = somebody(original.domain)) => signIn(copy.clientApiUrl, person.userId, person.password);
  const resident = await enter(first);
  return {
    copy,
    wayOut,
    resident,
    peer: (name) => peerNamed(peers, name),
    tryDoor(door, name, attempt) {
      const origin = peerNamed(peers, name).signer;
      const request = door.request({ ...attempt, origin, resident: resident.userId });
      return sendFederationRequest(request, origin, copy.target);
    },
    signInColleague: () => enter(second),
    async close() {
      await copy.stop();
      await wayOut.close();
      await Promise.all([...peers.values()].map((server) => server.close()));
    },
  };
}

/** A copy made earlier would lack the schools' people. */
async function untilProvisioned({ domain }: RunningHomeserver, person = somebody(domain)): Promise<void> {
  const session = await signInPerson(domain, person);
  await roomWithSchools(session);
  await signOut(session);
}

type Peers = ReadonlyMap<ServerName, ForgedServer>;

async function startPeers(stack: StackFile): Promise<Peers> {
  const signers = [
    { serverName: fremd, key: createSigningKey() },
    (await runningHomeserver(stack, schule)).signer,
    (await runningHomeserver(stack, polizei)).signer,
  ];
  const servers = await Promise.all(signers.map((signer) => startForgedPeer(stack, signer)));
  return new Map(servers.map((server) => [serverNameSchema.parse(server.signer.serverName), server]));
}

function peerNamed(peers: Peers, name: ServerName): ForgedServer {
  const peer = peers.get(name);
  if (peer === undefined) throw new Error(`no forged server ${name}`);
  return peer;
}
