/**
 * What only the border gateway will stop, tried by the server that the whitelist lists. Each case has its control beside
 * it: what is answered today. When a case is closed, its `fails` goes red; then it moves to the walls that hold.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Signer } from '#test/harness/federation/event.ts';
import { issueServerCertificate, loadCertificateAuthority, type CertificateAuthority } from '#stack/certificates.ts';
import { sendFederationRequest, type FederationTarget } from '#test/harness/federation/federation-client.ts';
import { knowRoom, type KnownRoom } from '#test/harness/federation/known-room.ts';
import { loggedRequest } from '#test/harness/federation/request-log.ts';
import { signOut, type MatrixSession } from '#test/harness/matrix/session.ts';
import { currentPosition, newsUpToNow } from '#test/harness/matrix/sync.ts';
import { doorNamed } from '../doors/all-doors.ts';
import { schoolUnit, unitRoom } from '../rooms.ts';
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
import { openCases, slowRequestCase, tlsAlert, toDeviceCase, type OpenCase, type Victim } from './open-cases.ts';

let ministry: RunningHomeserver;
let attacker: Signer;
let session: MatrixSession;
let authority: CertificateAuthority;
let victim: Victim;
let room: KnownRoom;

const uploadSchema = z.object({ content_uri: z.string().startsWith('mxc://') });

async function upload({ accessToken }: MatrixSession, clientApiUrl: string): Promise<string> {
  const answer = await fetch(new URL('/_matrix/media/v3/upload', clientApiUrl), {
    method: 'POST',
    headers: { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/octet-stream' },
    body: 'verschlüsselt',
  });
  return (
    uploadSchema
      .parse(await answer.json())
      .content_uri.split('/')
      .at(-1) ?? ''
  );
}

beforeAll(async () => {
  const stack = await readRunningStack();
  ministry = await runningHomeserver(stack, land);
  attacker = (await runningHomeserver(stack, schule)).signer;
  // Only the unit for schools shares rooms with them.
  const person = somebody(ministry.domain, ({ unit }) => unit !== '' && unit !== schoolUnit && !unit.startsWith('hkm'));
  session = await signInPerson(ministry.domain, person);
  const { roomId } = await unitRoom(session);
  room = await knowRoom(session, roomId);
  const mediaId = await upload(session, ministry.domain.clientApiUrl);
  authority = await loadCertificateAuthority(stack.ca.certificatePath, stack.ca.keyPath);
  victim = { attacker: schule, person: person.userId, mediaId, roomId };
  return () => signOut(session);
});

const certificateNames = { attacker: schule, 'other server': polizei, stranger: fremd };

async function targetFor({ certificateOf }: OpenCase): Promise<FederationTarget> {
  if (certificateOf === undefined) return ministry.target;
  return {
    ...ministry.target,
    clientCertificate: await issueServerCertificate(authority, certificateNames[certificateOf]),
  };
}

interface Outcome {
  readonly outcome: OpenCase['must'];
  /** Finds the request in the log; null if none could be made. */
  readonly mark: string | null;
}

async function attempt(openCase: OpenCase): Promise<Outcome> {
  const signer = openCase.isSigned ? attacker : null;
  try {
    const { status, mark } = await sendFederationRequest(openCase.request(victim), signer, await targetFor(openCase));
    return { outcome: status, mark };
  } catch (error) {
    if (/\balert\b/.test(String(error))) return { outcome: tlsAlert, mark: null };
    throw error;
  }
}

describe.each(openCases)('$name', (openCase) => {
  test(`the control: it is answered with ${openCase.today} today`, async () => {
    const { outcome, mark } = await attempt(openCase);
    expect(outcome).toBe(openCase.today);
    expect(await loggedRequest(ministry.requestLog, mark ?? '')).toMatchObject({ status: openCase.today });
  });

  test.fails(`must be answered with ${openCase.must} (${openCase.layer})`, async () => {
    expect((await attempt(openCase)).outcome).toBe(openCase.must);
  });
});

describe(slowRequestCase.name, () => {
  /** Sends the first lines of a request and then nothing: whether the other side ends the connection. */
  async function isCutOff(firstLines: string): Promise<boolean> {
    const { url, serverName, caCertificate } = ministry.target;
    const { hostname, port } = new URL(url);
    const socket = connectTls({ host: hostname, port: Number(port), servername: serverName, ca: caCertificate });
    const ended = Promise.withResolvers<boolean>();
    socket.on('close', () => ended.resolve(true)).on('error', () => ended.resolve(true));
    socket.on('data', () => undefined);
    socket.write(firstLines);
    const patience = pause(slowRequestCase.patienceMs, false, { ref: false });
    const isEnded = await Promise.race([ended.promise, patience]);
    socket.destroy();
    return isEnded;
  }

  test('the control: a request that is no request at all is cut off', async () => {
    expect(await isCutOff('kein HTTP\r\n\r\n')).toBe(true);
  });

  test.fails(`must be cut off within ${slowRequestCase.patienceMs / 1000} s (${slowRequestCase.layer})`, async () => {
    expect(await isCutOff('PUT /_matrix/federation/v1/send/1 HTTP/1.1\r\nX-Slow: ')).toBe(true);
  });
});

describe(toDeviceCase.name, () => {
  async function arrived(): Promise<readonly unknown[]> {
    const since = await currentPosition(session);
    const visitor = `@kundschafter:${schule}`;
    const request = doorNamed('send to a device').request({ origin: attacker, visitor, room, resident: victim.person });
    await sendFederationRequest(request, attacker, ministry.target);
    return (await newsUpToNow(session, since)).toDevice;
  }

  test('the control: it arrives today', async () => {
    expect(await arrived()).toHaveLength(1);
  });

  test.fails(`must not arrive (${toDeviceCase.layer})`, async () => {
    expect(await arrived()).toEqual([]);
  });
});
