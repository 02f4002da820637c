/**
 * With the appservice stopped people still sign in and talk, and nobody gets through the wall: no room comes into
 * being, nobody is invited, nobody joins.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RoomId } from '#contract/ids.ts';
import { sendFederationRequest, type FederationAnswer } from '#test/harness/federation/federation-client.ts';
import { forgeInvitation } from '#test/harness/federation/forged-room.ts';
import { openPolicyLine } from '#test/harness/federation/homeserver-copy/policy-line.ts';
import { roomPath, sendText } from '#test/harness/matrix/rooms.ts';
import type { MatrixSession } from '#test/harness/matrix/session.ts';
import { currentPosition, newsUntil } from '#test/harness/matrix/sync.ts';
import { inviting } from './doors/sending.ts';
import { startLayeredLand, type LayeredLand } from './layers/layered-land.ts';
import { roomOfLand, unitRoom } from './rooms.ts';
import { land, policyUrlOf, readRunningStack, runningHomeserver, schule } from './running-stack.ts';

let landAlone: LayeredLand;
let colleague: MatrixSession;
let roomId: RoomId;

/** Removes the colleague and invites them again: what the appservice would let them join. */
async function inviteAgain(): Promise<void> {
  for (const membership of ['kick', 'invite']) {
    const answer = await landAlone.copy.bot.request('POST', roomPath(roomId, membership), {
      user_id: colleague.userId,
    });
    expect(answer.status).toBe(200);
  }
}

const createRoom = () => landAlone.copy.bot.request('POST', '/v3/createRoom', { room_version: '12' });
const join = () => colleague.request('POST', roomPath(roomId, 'join'), {});
const invite = () => landAlone.copy.bot.request('POST', roomPath(roomId, 'invite'), { user_id: `@neu:${land}` });

/** The schools' bot invites into a room of the same trust domain. */
async function inviteFromSchule(): Promise<FederationAnswer> {
  const { signer } = landAlone.peer(schule);
  const forged = forgeInvitation(signer, `@landbote:${schule}`, landAlone.resident.userId, roomOfLand);
  return sendFederationRequest(inviting(forged), signer, landAlone.copy.target);
}

beforeAll(async () => {
  const line = await openPolicyLine(await policyUrlOf(await runningHomeserver(await readRunningStack(), land)));
  landAlone = await startLayeredLand({ whitelist: true, policyUrl: line.url });
  colleague = await landAlone.signInColleague();
  roomId = (await unitRoom(landAlone.resident)).roomId;
  await inviteAgain();
  // The control: while the appservice answers, the same three requests succeed.
  expect([await createRoom(), await join(), await invite()]).toMatchObject([
    { status: 200 },
    { status: 200 },
    { status: 200 },
  ]);
  await landAlone.copy.bot.request('POST', roomPath(roomId, 'kick'), { user_id: `@neu:${land}` });
  await inviteAgain();
  await line.cut();
});

afterAll(() => landAlone.close());

const refused = { status: 403, body: { errcode: 'M_UNKNOWN' } };

describe('with the appservice stopped', () => {
  test('a person signs in', async () => {
    expect((await landAlone.signInColleague()).userId).toBe(colleague.userId);
  });

  test('people talk in the rooms that they are in', async () => {
    const since = await currentPosition(landAlone.resident);
    const eventId = await sendText(landAlone.resident, roomId, 'Wir reden weiter.');
    const news = await newsUntil(landAlone.resident, since, ({ roomEvents }) =>
      roomEvents.some((event) => event.event_id === eventId),
    );
    expect(news.roomEvents.map((event) => event.event_id)).toContain(eventId);
  });

  test('not even the bot creates a room', async () => {
    expect(await createRoom()).toMatchObject(refused);
  });

  test('not even the bot invites', async () => {
    expect(await invite()).toMatchObject(refused);
  });

  test('nobody joins, not even who is invited', async () => {
    expect(await join()).toMatchObject(refused);
  });

  test('no invitation comes in, not even from the schools', async () => {
    expect(await inviteFromSchule()).toMatchObject(refused);
  });
});
