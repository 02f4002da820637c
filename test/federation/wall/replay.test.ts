/**
 * A request that was signed once says nothing else (W36): not to another server, with another body or method, or beside
 * another signature; and what was sent once has no second effect. (Another destination and another address:
 * impersonation.test.ts.)
 */
import { beforeAll, expect, test } from 'vitest';
import { buildEvent, type SignedEvent, type Signer } from '#test/harness/federation/event.ts';
import {
  sendFederationRequest,
  sendWithAuthorization,
  type UnaddressedRequest,
} from '#test/harness/federation/federation-client.ts';
import { draftEvent, type KnownRoom } from '#test/harness/federation/known-room.ts';
import { xMatrixHeader } from '#test/harness/federation/request-authentication.ts';
import { currentPosition, newsUntil, type News } from '#test/harness/matrix/sync.ts';
import { doorNamed } from '../doors/all-doors.ts';
import { transaction } from '../doors/door.ts';
import { land, polizei, runningHomeserver } from '../running-stack.ts';
import { useSharedRoom } from '../shared-room.ts';

const shared = useSharedRoom();

let police: Signer;
beforeAll(async () => {
  police = (await runningHomeserver(shared().stack, polizei)).signer;
});

function message(room: KnownRoom, body: string): SignedEvent {
  const { teacher, schools } = shared();
  return buildEvent(draftEvent(room, teacher, 'm.room.message', { msgtype: 'm.text', body }), schools.signer);
}

function signedBy(signer: Signer, request: UnaddressedRequest): string {
  return xMatrixHeader({ ...request, destination: land }, signer);
}

const textsOf = ({ roomEvents }: News): readonly unknown[] => roomEvents.map(({ content }) => content['body']);

test('its signature is not taken for another body or another method', async () => {
  const {
    schools: { signer: schools },
    ministry,
    know,
  } = shared();
  const room = await know();
  const sent = transaction(schools, { pdus: [message(room, 'unterschrieben').pdu] });
  const authorization = signedBy(schools, sent);
  const altered = { ...sent, content: { ...sent.content, pdus: [message(room, 'ausgetauscht').pdu] } };
  for (const replayed of [altered, { ...sent, method: 'POST' as const }]) {
    const answer = await sendWithAuthorization(replayed, authorization, ministry.target);
    expect([401, 405]).toContain(answer.status);
  }
  expect((await sendWithAuthorization(sent, authorization, ministry.target)).status).toBe(200);
});

test('a second signature beside it counts for no more than itself', async () => {
  const {
    schools: { signer: schools },
    ministry,
    resident,
    teacher,
    know,
  } = shared();
  const attempt = { origin: schools, visitor: teacher, room: await know(), resident: resident.userId };
  const request = doorNamed('state_ids').request(attempt);
  const own = signedBy(schools, request);
  const foreign = signedBy(police, request);
  const forged = signedBy({ ...schools, key: police.key }, request);
  const send = (...headers: string[]) => sendWithAuthorization(request, headers, ministry.target);
  expect(await send(own, foreign)).toMatchObject({
    status: 403,
    body: { error: `Federation denied with ${polizei}.` },
  });
  expect(await send(foreign, forged)).toMatchObject({ status: 401 });
  expect(await send(own)).toMatchObject({ status: 200 });
});

test('the same transaction a second time, with another message in it, has no effect', async () => {
  const {
    schools: { signer: schools },
    ministry,
    resident,
    know,
  } = shared();
  const since = await currentPosition(resident);
  const room = await know();
  const [first, second, last] = [message(room, 'einmal'), message(room, 'untergemischt'), message(room, 'danach')];
  const original = transaction(schools, { pdus: [first.pdu] });
  const repeated = { ...original, content: { ...original.content, pdus: [second.pdu] } };
  for (const request of [original, repeated, transaction(schools, { pdus: [last.pdu] })]) {
    expect(await sendFederationRequest(request, schools, ministry.target)).toMatchObject({ status: 200 });
  }
  const news = await newsUntil(resident, since, (soFar) => textsOf(soFar).includes('danach'));
  expect(textsOf(news)).toContain('einmal');
  expect(textsOf(news)).not.toContain('untergemischt');
  // The control: in a transaction of its own the same message arrives.
  await sendFederationRequest(transaction(schools, { pdus: [second.pdu] }), schools, ministry.target);
  await newsUntil(resident, news.nextBatch, (soFar) => textsOf(soFar).includes('untergemischt'));
});
