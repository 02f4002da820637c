/**
 * Nobody of another trust domain, and no server that belongs to nobody, comes through any door of the federation
 * listener. The evidence is the request log of the server that was tried, not the absence of an error.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { ServerName } from '#contract/ids.ts';
import type { StackFile } from '#stack/stack-file.ts';
import { registerServer, unregisterServer } from '#test/harness/federation/egress-log.ts';
import type { ForgedServer } from '#test/harness/federation/forged-server.ts';
import type { Signer } from '#test/harness/federation/event.ts';
import { sendFederationRequest } from '#test/harness/federation/federation-client.ts';
import { knowRoom, type KnownRoom } from '#test/harness/federation/known-room.ts';
import { loggedRequest } from '#test/harness/federation/request-log.ts';
import { createSigningKey } from '#test/harness/federation/signing-key.ts';
import type { ProvisionedRoom } from '#test/harness/matrix/rooms.ts';
import type { MatrixSession } from '#test/harness/matrix/session.ts';
import { currentPosition, newsUpToNow } from '#test/harness/matrix/sync.ts';
import { doors } from '../doors/all-doors.ts';
import { startForgedPeer } from '../forged-peer.ts';
import { useResidents } from '../residents.ts';
import { roomWithSchools, unitRoom } from '../rooms.ts';
import {
  fremd,
  land,
  polizei,
  readRunningStack,
  runningHomeserver,
  schule,
  type RunningHomeserver,
} from '../running-stack.ts';

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

/** The signing key of a real server, or the stranger's own. */
async function signerOf(name: ServerName): Promise<Signer> {
  return name === fremd ? stranger.signer : (await runningHomeserver(stack, name)).signer;
}

interface Attack {
  readonly attacker: ServerName;
  readonly target: ServerName;
  readonly where: string;
  readonly findRoom: (resident: MatrixSession) => Promise<ProvisionedRoom>;
}

/** A room that exists on its own server only. */
const inUnitRoom = { where: "a unit's room", findRoom: unitRoom };
/** The room that federates, with the schools' server. */
const inRoomWithSchools = { where: 'the room with the schools', findRoom: roomWithSchools };

const attacks: readonly Attack[] = [
  { attacker: polizei, target: land, ...inUnitRoom },
  { attacker: fremd, target: land, ...inUnitRoom },
  { attacker: polizei, target: land, ...inRoomWithSchools },
  { attacker: fremd, target: land, ...inRoomWithSchools },
  { attacker: land, target: polizei, ...inUnitRoom },
  { attacker: schule, target: polizei, ...inUnitRoom },
  { attacker: fremd, target: polizei, ...inUnitRoom },
];

describe.each(attacks)('$attacker at the doors of $target, for $where', ({ attacker, target, findRoom }) => {
  let homeserver: RunningHomeserver;
  let resident: MatrixSession;
  let room: KnownRoom;
  let origin: Signer;
  let before: string;

  beforeAll(async () => {
    homeserver = await runningHomeserver(stack, target);
    resident = await residentOf(homeserver);
    room = await knowRoom(resident, (await findRoom(resident)).roomId);
    origin = await signerOf(attacker);
    before = await currentPosition(resident);
  });

  test.each(doors)('$name is refused, and the request log shows that it was tried', async (door) => {
    const visitor = `@kundschafter:${attacker}`;
    const request = door.request({ origin, visitor, room, resident: resident.userId });
    const answer = await sendFederationRequest(request, origin, homeserver.target);
    expect(answer).toMatchObject({
      status: 403,
      body: { errcode: 'M_FORBIDDEN', error: `Federation denied with ${attacker}.` },
    });
    const logged = await loggedRequest(homeserver.requestLog, answer.mark);
    expect(logged).toMatchObject({ requester: null, status: 403, method: request.method, uri: request.uri });
  });

  test('the control: what every server must publish is served to it, and logged', async () => {
    const answer = await sendFederationRequest(
      { method: 'GET', uri: '/_matrix/key/v2/server' },
      origin,
      homeserver.target,
    );
    expect(answer).toMatchObject({ status: 200, body: { server_name: target } });
    expect(await loggedRequest(homeserver.requestLog, answer.mark)).toMatchObject({ status: 200 });
  });

  test('has changed nothing in the room, and the resident has heard nothing', async () => {
    expect((await knowRoom(resident, room.roomId)).state).toEqual(room.state);
    const news = await newsUpToNow(resident, before);
    const fromAttacker = [...news.roomEvents, ...news.toDevice].filter((event) =>
      event.sender?.endsWith(`:${attacker}`),
    );
    expect({ fromAttacker, invitedRooms: news.invitedRooms }).toEqual({ fromAttacker: [], invitedRooms: [] });
  });
});

test('nobody asked fremd.test for its signing key: it was refused before its signature was looked at', () => {
  expect(stranger.received).toEqual([]);
});
