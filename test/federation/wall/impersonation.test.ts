/**
 * Whoever is let in is known by a signature: nobody passes for the schools' server, and that server cannot speak for
 * people of the ministry.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { ServerName } from '#contract/ids.ts';
import { buildEvent } from '#test/harness/federation/event.ts';
import {
  sendFederationRequest,
  sendWithAuthorization,
  type UnaddressedRequest,
} from '#test/harness/federation/federation-client.ts';
import { draftEvent, type KnownRoom } from '#test/harness/federation/known-room.ts';
import { xMatrixHeader } from '#test/harness/federation/request-authentication.ts';
import { loggedRequest } from '#test/harness/federation/request-log.ts';
import { createSigningKey } from '#test/harness/federation/signing-key.ts';
import { currentPosition, newsUpToNow } from '#test/harness/matrix/sync.ts';
import { doorNamed, doors } from '../doors/all-doors.ts';
import { transaction, type Attempt } from '../doors/door.ts';
import { land, polizei, schule } from '../running-stack.ts';
import { useSharedRoom } from '../shared-room.ts';

const shared = useSharedRoom();

let room: KnownRoom;
beforeAll(async () => {
  room = await shared().know();
});

const unauthorized = { status: 401, body: { errcode: 'M_UNAUTHORIZED' } };

describe('somebody who calls himself schule.hessen.test, with a key of his own', () => {
  test.each(doors)('is refused at $name', async (door) => {
    const { ministry, schools, resident, teacher } = shared();
    // The real key's id, so that the key is at hand and only the signature is wrong.
    const pretender = { serverName: schule, key: { ...createSigningKey(), id: schools.signer.key.id } };
    const request = door.request({ origin: pretender, visitor: teacher, room, resident: resident.userId });
    const answer = await sendFederationRequest(request, pretender, ministry.target);
    expect(answer).toMatchObject(unauthorized);
    expect(await loggedRequest(ministry.requestLog, answer.mark)).toMatchObject({ requester: null, status: 401 });
  });
});

describe('a signature of schule.hessen.test', () => {
  function attempt(): Attempt {
    const { schools, resident, teacher } = shared();
    return { origin: schools.signer, visitor: teacher, room, resident: resident.userId };
  }
  const signed = (request: UnaddressedRequest, destination: ServerName): string =>
    xMatrixHeader({ ...request, destination }, shared().schools.signer);
  const answerTo = (request: UnaddressedRequest, header: string) =>
    sendWithAuthorization(request, header, shared().ministry.target);

  test('for another server is not taken', async () => {
    const request = doorNamed('state_ids').request(attempt());
    expect(await answerTo(request, signed(request, polizei))).toMatchObject(unauthorized);
  });

  test('for another request is not taken', async () => {
    const header = signed(doorNamed('state_ids').request(attempt()), land);
    expect(await answerTo(doorNamed('state').request(attempt()), header)).toMatchObject(unauthorized);
  });

  test('for its own request is taken: the control', async () => {
    const request = doorNamed('state_ids').request(attempt());
    expect(await answerTo(request, signed(request, land))).toMatchObject({ status: 200 });
  });

  test('does not make a message one of a person of the ministry', async () => {
    const {
      schools: { signer: schools },
      ministry,
      resident,
    } = shared();
    const since = await currentPosition(resident);
    const content = { msgtype: 'm.text', body: 'untergeschoben' };
    const { eventId, pdu } = buildEvent(draftEvent(room, resident.userId, 'm.room.message', content), schools);
    const answer = await sendFederationRequest(transaction(schools, { pdus: [pdu] }), schools, ministry.target);
    expect(answer).toMatchObject({ status: 200, body: { pdus: { [eventId]: { error: expect.any(String) } } } });
    expect(JSON.stringify((await newsUpToNow(resident, since)).roomEvents)).not.toContain('untergeschoben');
  });
});
