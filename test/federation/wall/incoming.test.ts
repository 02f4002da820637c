/**
 * Nobody of another trust domain, and no server that belongs to nobody, comes through any door of the federation
 * listener. The evidence is the request log of the server that was tried, not the absence of an error.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServerName } from '#contract/ids.ts';
import type { StackFile } from '#stack/stack-file.ts';
import type { ForgedServer } from '#test/harness/federation/forged-server.ts';
import type { Signer } from '#test/harness/federation/event.ts';
import { sendFederationRequest } from '#test/harness/federation/federation-client.ts';
import { knowRoom, type KnownRoom } from '#test/harness/federation/known-room.ts';
import { loggedRequest } from '#test/harness/federation/request-log.ts';
import { createSigningKey } from '#test/harness/federation/signing-key.ts';
import type { MatrixSession } from '#test/harness/matrix/session.ts';
import { currentPosition, newsUpToNow } from '#test/harness/matrix/sync.ts';
import { doors } from '../doors.ts';
import { startForgedPeer } from '../forged-peer.ts';
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

let stack: StackFile;
let stranger: ForgedServer;

beforeAll(async () => {
  stack = await readRunningStack();
  stranger = await startForgedPeer(stack, { serverName: fremd, key: createSigningKey() });
});

afterAll(() => stranger.close());

/** The signing key of a real server, or the stranger's own. */
async function signerOf(name: ServerName): Promise<Signer> {
  return name === fremd ? stranger.signer : (await runningHomeserver(stack, name)).signer;
}

async function signInResident({ domain }: RunningHomeserver): Promise<MatrixSession> {
  const person = domain.serverName === land ? somebody(domain, ({ unit }) => unit === schoolUnit) : somebody(domain);
  return signInPerson(domain, person);
}

const attacks: readonly { attacker: ServerName; target: ServerName }[] = [
  { attacker: polizei, target: land },
  { attacker: fremd, target: land },
  { attacker: land, target: polizei },
  { attacker: schule, target: polizei },
  { attacker: fremd, target: polizei },
];

describe.each(attacks)('$attacker at the doors of $target', ({ attacker, target }) => {
  let homeserver: RunningHomeserver;
  let resident: MatrixSession;
  let room: KnownRoom;
  let origin: Signer;
  let before: string;

  beforeAll(async () => {
    homeserver = await runningHomeserver(stack, target);
    resident = await signInResident(homeserver);
    room = await knowRoom(resident, (await unitRoom(resident)).roomId);
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

  test('has changed nothing in the room, and the resident has heard nothing', async () => {
    expect((await knowRoom(resident, room.roomId)).state).toEqual(room.state);
    const news = await newsUpToNow(resident, before);
    const fromAttacker = [...news.roomEvents, ...news.toDevice].filter((event) =>
      event.sender?.endsWith(`:${attacker}`),
    );
    expect({ fromAttacker, invitedRooms: news.invitedRooms }).toEqual({ fromAttacker: [], invitedRooms: [] });
  });
});
