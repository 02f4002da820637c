/**
 * The ministries' homeserver with single layers: a copy of the real one whose only neighbours are forged servers.
 * Those of schule and polizei sign with the real servers' keys, as their administrators could.
 */
import { join } from 'node:path';
import type { ServerName } from '#contract/ids.ts';
import { defaultFolder } from '#stack/stack.ts';
import { startHomeserverCopy, type HomeserverCopy } from '#test/harness/federation/homeserver-copy/homeserver-copy.ts';
import type { Layers } from '#test/harness/federation/homeserver-copy/copied-config.ts';
import { openWayOut, type WayOut } from '#test/harness/federation/homeserver-copy/way-out.ts';
import { sendFederationRequest, type FederationAnswer } from '#test/harness/federation/federation-client.ts';
import type { ForgedServer } from '#test/harness/federation/forged-server.ts';
import { createSigningKey } from '#test/harness/federation/signing-key.ts';
import { signIn, type MatrixSession } from '#test/harness/matrix/session.ts';
import { startForgedPeer } from '../forged-peer.ts';
import type { Attempt, Door } from '../doors/door.ts';
import { schoolUnit } from '../rooms.ts';
import { fremd, land, polizei, readRunningStack, runningHomeserver, schule, somebody } from '../running-stack.ts';

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

export async function startLayeredLand(layers: Layers): Promise<LayeredLand> {
  const stack = await readRunningStack();
  const { domain, folder, target } = await runningHomeserver(stack, land);
  const peers = new Map<ServerName, ForgedServer>([
    [fremd, await startForgedPeer(stack, { serverName: fremd, key: createSigningKey() })],
    [schule, await startForgedPeer(stack, (await runningHomeserver(stack, schule)).signer)],
    [polizei, await startForgedPeer(stack, (await runningHomeserver(stack, polizei)).signer)],
  ]);
  const wayOut = await openWayOut(stack, new Map([...peers].map(([name, { port }]) => [name, port])));
  const source = { folder, caCertificate: target.caCertificate, python };
  const copy = await startHomeserverCopy(source, layers, wayOut.port);
  const peer = (name: ServerName): ForgedServer => {
    const found = peers.get(name);
    if (found === undefined) throw new Error(`no forged server ${name}`);
    return found;
  };
  const [first, second] = domain.people.filter(({ unit }) => unit === schoolUnit);
  const enter = (person = somebody(domain)) => signIn(copy.clientApiUrl, person.userId, person.password);
  const resident = await enter(first);
  return {
    copy,
    wayOut,
    resident,
    peer,
    tryDoor(door, name, attempt) {
      const origin = peer(name).signer;
      return sendFederationRequest(
        door.request({ ...attempt, origin, resident: resident.userId }),
        origin,
        copy.target,
      );
    },
    signInColleague: () => enter(second),
    async close() {
      await copy.stop();
      await wayOut.close();
      await Promise.all([...peers.values()].map((server) => server.close()));
    },
  };
}
