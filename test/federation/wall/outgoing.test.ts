/**
 * Nobody of a trust domain reaches anybody of the other one, or of a server that belongs to nobody: neither by an
 * invitation nor by a query. The evidence is the request log of the server that would have been reached, and the log
 * of the egress proxy; both show the requests to the schools' server, which is allowed.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { RoomId, ServerName } from '#contract/ids.ts';
import type { StackFile } from '#stack/stack-file.ts';
import { connectionsUpToNow, registerServer, unregisterServer } from '#test/harness/federation/egress-log.ts';
import type { ForgedServer } from '#test/harness/federation/forged-server.ts';
import {
  answeredRequests,
  requestsDuring,
  requestsUpToNow,
  type LoggedRequest,
} from '#test/harness/federation/request-log.ts';
import { createSigningKey } from '#test/harness/federation/signing-key.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import type { ClientAnswer, MatrixSession } from '#test/harness/matrix/session.ts';
import { startForgedPeer } from '../forged-peer.ts';
import { useResidents } from '../residents.ts';
import { memberOf, roomWithSchools, unitRoom } from '../rooms.ts';
import {
  fremd,
  land,
  polizei,
  readRunningStack,
  runningHomeserver,
  schule,
  somebody,
  type RunningHomeserver,
} from '../running-stack.ts';
import { reaches, reachNamed } from './reaches.ts';

const residentOf = useResidents();

let stack: StackFile;
let stranger: ForgedServer;

beforeAll(async () => {
  stack = await readRunningStack();
  stranger = await startForgedPeer(stack, { serverName: fremd, key: createSigningKey() });
  await registerServer(stack.egressProxy, fremd, stranger.port);
  return async () => {
    await unregisterServer(stack.egressProxy, fremd);
    await stranger.close();
  };
});

/** The requests of another homeserver among all that a server has answered. */
function fromServers(requests: readonly LoggedRequest[]): readonly LoggedRequest[] {
  return requests.filter(({ uri, userAgent }) => uri.startsWith('/_matrix/') && userAgent.startsWith('Synapse/'));
}

async function enterAs(name: ServerName): Promise<{ session: MatrixSession; roomId: RoomId }> {
  const session = await residentOf(await runningHomeserver(stack, name));
  return { session, roomId: (await unitRoom(session)).roomId };
}

describe.each([
  { from: land, to: polizei },
  { from: polizei, to: land },
])('from $from to $to', ({ from, to }) => {
  let session: MatrixSession;
  let roomId: RoomId;
  let recipient: RunningHomeserver;

  beforeAll(async () => {
    ({ session, roomId } = await enterAs(from));
    recipient = await runningHomeserver(stack, to);
  });

  test.each(reaches)('$name is answered with $status, and nothing arrives there', async ({ request, status }) => {
    const person = somebody(recipient.domain).userId;
    let answer: ClientAnswer | undefined;
    const requests = await requestsDuring(recipient.requestLog, recipient.target, async () => {
      answer = await request(session, roomId, person);
    });
    expect(answer).toMatchObject({ status });
    expect(fromServers(requests)).toEqual([]);
  });

  test('no connection was tried', async () => {
    const connections = await connectionsUpToNow(stack.egressProxy);
    expect(connections.filter((connection) => connection.from === from && connection.target.startsWith(to))).toEqual(
      [],
    );
  });
});

describe.each([land, polizei])('from %s to fremd.test', (from) => {
  let session: MatrixSession;
  let roomId: RoomId;

  beforeAll(async () => {
    ({ session, roomId } = await enterAs(from));
  });

  test.each(reaches)('$name is answered with $status, and no connection is tried', async ({ request, status }) => {
    expect(await request(session, roomId, `@fremder:${fremd}`)).toMatchObject({ status });
    const connections = await connectionsUpToNow(stack.egressProxy);
    expect(connections.filter(({ target }) => target.startsWith(fremd))).toEqual([]);
    expect(stranger.received).toEqual([]);
  });
});

describe('the control: from land.hessen.test to schule.hessen.test', () => {
  test('an invitation arrives: the bot invited the teachers when the room was made', async () => {
    const { requestLog } = await runningHomeserver(stack, schule);
    const invitations = (await answeredRequests(requestLog)).filter(({ uri }) =>
      uri.includes('/federation/v2/invite/'),
    );
    expect(invitations).toContainEqual(expect.objectContaining({ requester: land, method: 'PUT', status: 200 }));
  });

  test.each([
    { reach: 'one-time keys', arrivesAt: '/federation/v1/user/keys/claim' },
    { reach: 'a message to devices', arrivesAt: '/federation/v1/send/' },
    { reach: 'an alias', arrivesAt: '/federation/v1/query/directory' },
  ])('$reach arrives at $arrivesAt, and both logs show it', async ({ reach, arrivesAt }) => {
    const { session, roomId } = await enterAs(land);
    const { requestLog } = await runningHomeserver(stack, schule);
    const teacher = memberOf(await roomWithSchools(session), schule);
    const known = (await answeredRequests(requestLog)).length;
    await reachNamed(reach).request(session, roomId, teacher);
    const arrived = await waitUntil(`${arrivesAt} in ${requestLog}`, async () => {
      const requests = (await answeredRequests(requestLog)).slice(known);
      return fromServers(requests).find(({ uri }) => uri.includes(arrivesAt));
    });
    expect(arrived).toMatchObject({ requester: land });
    const connections = await connectionsUpToNow(stack.egressProxy);
    expect(connections).toContainEqual({ from: land, target: `${schule}:8448`, verdict: 'federation' });
  });
});

describe('over the whole life of the stack, messages to devices among it that are sent a little later', () => {
  test.each([
    { name: polizei, allowed: [] },
    { name: land, allowed: [schule] },
  ])('no homeserver turned to $name but $allowed', async ({ name, allowed }) => {
    const { requestLog, target } = await runningHomeserver(stack, name);
    const requests = fromServers(await requestsUpToNow(requestLog, target));
    // Signing keys are asked for without a name; the egress log below knows who did.
    const senders = requests.filter(({ uri }) => !uri.startsWith('/_matrix/key/')).map(({ requester }) => requester);
    expect([...new Set(senders)]).toEqual(allowed);
  });

  test('no homeserver tried to connect to another trust domain', async () => {
    const connections = await connectionsUpToNow(stack.egressProxy);
    const crossing = connections.filter(
      ({ from, target }) => from === polizei || target.startsWith(`${polizei}:`) || target.startsWith(`${fremd}:`),
    );
    expect(crossing).toEqual([]);
  });
});
