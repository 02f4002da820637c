/**
 * What only the border gateway will stop, tried by the server that the whitelist lists. Each case has its control beside
 * it: what is answered today. When a case is closed, its `fails` goes red; then it moves to the walls that hold.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Signer } from '#test/harness/federation/event.ts';
import { sendFederationRequest, type FederationAnswer } from '#test/harness/federation/federation-client.ts';
import { knowRoom, type KnownRoom } from '#test/harness/federation/known-room.ts';
import { loggedRequest } from '#test/harness/federation/request-log.ts';
import { signOut, type MatrixSession } from '#test/harness/matrix/session.ts';
import { currentPosition, newsUpToNow } from '#test/harness/matrix/sync.ts';
import { doorNamed } from '../doors/all-doors.ts';
import { schoolUnit, unitRoom } from '../rooms.ts';
import {
  land,
  readRunningStack,
  runningHomeserver,
  schule,
  signInPerson,
  somebody,
  type RunningHomeserver,
} from '../running-stack.ts';
import { openCases, toDeviceCase, type OpenCase, type Victim } from './open-cases.ts';

let ministry: RunningHomeserver;
let attacker: Signer;
let session: MatrixSession;
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
  victim = { person: person.userId, mediaId, roomId };
  return () => signOut(session);
});

function attempt({ request, isSigned }: OpenCase): Promise<FederationAnswer> {
  return sendFederationRequest(request(victim), isSigned ? attacker : null, ministry.target);
}

describe.each(openCases)('$name', (openCase) => {
  test(`the control: it is answered with ${openCase.today} today`, async () => {
    const answer = await attempt(openCase);
    expect(answer.status).toBe(openCase.today);
    expect(await loggedRequest(ministry.requestLog, answer.mark)).toMatchObject({ status: openCase.today });
  });

  test.fails(`must be answered with ${openCase.must} (${openCase.layer})`, async () => {
    expect((await attempt(openCase)).status).toBe(openCase.must);
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
