/**
 * With the appservice stopped people still sign in and talk, and nobody gets through the wall: no room comes into
 * being, nobody is invited, nobody joins.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { roomIdSchema, type RoomId } from '#contract/ids.ts';
import { sendFederationRequest, type FederationAnswer } from '#test/harness/federation/federation-client.ts';
import { forgeInvitation } from '#test/harness/federation/forged-room.ts';
import { prepareAppserviceCopy } from '#test/harness/federation/homeserver-copy/appservice-copy.ts';
import { accepted, roomPath, sendText } from '#test/harness/matrix/rooms.ts';
import type { MatrixSession } from '#test/harness/matrix/session.ts';
import { currentPosition, newsUntil } from '#test/harness/matrix/sync.ts';
import { inviting } from './doors/sending.ts';
import { startLayeredLand, type LayeredLand } from './layers/layered-land.ts';
import { roomOfLand, unitRoom } from './rooms.ts';
import { land, readRunningStack, runningHomeserver, schule } from './running-stack.ts';

let landAlone: LayeredLand;
let colleague: MatrixSession;
/** A room of the bot into which resident and colleague are invited. */
let newRoom: RoomId;

const createRoom = () => landAlone.copy.bot.request('POST', '/v3/createRoom', { room_version: '12' });
const invite = (user_id: string) => landAlone.copy.bot.request('POST', roomPath(newRoom, 'invite'), { user_id });
const enter = (person: MatrixSession) => person.request('POST', roomPath(newRoom, 'join'), {});

/** The schools' bot invites into a room of the same trust domain. */
async function inviteFromSchule(): Promise<FederationAnswer> {
  const { signer } = landAlone.peer(schule);
  const forged = forgeInvitation(signer, `@landbote:${schule}`, landAlone.resident.userId, roomOfLand);
  return sendFederationRequest(inviting(forged), signer, landAlone.copy.target);
}

beforeAll(async () => {
  const { domain } = await runningHomeserver(await readRunningStack(), land);
  const appservice = await prepareAppserviceCopy(join(domain.dataFolder, 'appservice'));
  landAlone = await startLayeredLand(
    { whitelist: true, policyUrl: appservice.policyUrl },
    { appserviceUrl: appservice.url },
  );
  await appservice.start(landAlone.copy.clientApiUrl);
  colleague = await landAlone.signInColleague();
  newRoom = z.object({ room_id: roomIdSchema }).parse(accepted(await createRoom())).room_id;
  // The control: while the appservice runs, the same requests succeed.
  const answers = [
    await invite(landAlone.resident.userId),
    await invite(colleague.userId),
    await enter(landAlone.resident),
    await inviteFromSchule(),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  await appservice.stop();
  return () => landAlone.close();
});

const refused = { status: 403, body: { errcode: 'M_UNKNOWN' } };

describe('with the appservice stopped', () => {
  test('a person signs in', async () => {
    expect((await landAlone.signInColleague()).userId).toBe(colleague.userId);
  });

  test('people talk in the rooms that they are in', async () => {
    const { roomId } = await unitRoom(landAlone.resident);
    const since = await currentPosition(colleague);
    const eventId = await sendText(landAlone.resident, roomId, 'Wir reden weiter.');
    const news = await newsUntil(colleague, since, ({ roomEvents }) =>
      roomEvents.some((event) => event.event_id === eventId),
    );
    expect(news.roomEvents.map((event) => event.event_id)).toContain(eventId);
  });

  test('not even the bot creates a room', async () => {
    expect(await createRoom()).toMatchObject(refused);
  });

  test('not even the bot invites', async () => {
    expect(await invite(`@neu:${land}`)).toMatchObject(refused);
  });

  test('nobody joins, not even who is invited', async () => {
    expect(await enter(colleague)).toMatchObject(refused);
  });

  test('no invitation comes in, not even from the schools', async () => {
    expect(await inviteFromSchule()).toMatchObject(refused);
  });
});
