/**
 * Whoever is let in is known by a signature: nobody passes for the schools' server, and that server cannot speak for
 * people of the ministry.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { buildEvent, type Signer } from '#test/harness/federation/event.ts';
import { sendFederationRequest, sendWithAuthorization } from '#test/harness/federation/federation-client.ts';
import { draftEvent, knowRoom, type KnownRoom } from '#test/harness/federation/known-room.ts';
import { xMatrixHeader } from '#test/harness/federation/request-authentication.ts';
import { loggedRequest } from '#test/harness/federation/request-log.ts';
import { createSigningKey } from '#test/harness/federation/signing-key.ts';
import type { MatrixSession } from '#test/harness/matrix/session.ts';
import { currentPosition, newsUpToNow } from '#test/harness/matrix/sync.ts';
import { doorNamed, doors } from '../doors/all-doors.ts';
import { transaction } from '../doors/door.ts';
import { useResidents } from '../residents.ts';
import { memberOf, roomWithSchools } from '../rooms.ts';
import {
  land,
  polizei,
  readRunningStack,
  runningHomeserver,
  schule,
  type RunningHomeserver,
} from '../running-stack.ts';

const residentOf = useResidents();

let ministry: RunningHomeserver;
let schools: Signer;
let resident: MatrixSession;
let room: KnownRoom;
let teacher: string;

beforeAll(async () => {
  const stack = await readRunningStack();
  ministry = await runningHomeserver(stack, land);
  schools = (await runningHomeserver(stack, schule)).signer;
  resident = await residentOf(ministry);
  const shared = await roomWithSchools(resident);
  teacher = memberOf(shared, schule);
  room = await knowRoom(resident, shared.roomId);
});

const unauthorized = { status: 401, body: { errcode: 'M_UNAUTHORIZED' } };

describe('somebody who calls himself schule.hessen.test, with a key of his own', () => {
  test.each(doors)('is refused at $name', async (door) => {
    // The real key's id, so that the key is at hand and only the signature is wrong.
    const pretender = { serverName: schule, key: { ...createSigningKey(), id: schools.key.id } };
    const request = door.request({ origin: pretender, visitor: teacher, room, resident: resident.userId });
    const answer = await sendFederationRequest(request, pretender, ministry.target);
    expect(answer).toMatchObject(unauthorized);
    expect(await loggedRequest(ministry.requestLog, answer.mark)).toMatchObject({ requester: null, status: 401 });
  });
});

describe('a signature of schule.hessen.test', () => {
  const attempt = () => ({ origin: schools, visitor: teacher, room, resident: resident.userId });

  test('for another server is not taken', async () => {
    const request = doorNamed('state_ids').request(attempt());
    const header = xMatrixHeader({ ...request, destination: polizei }, schools);
    expect(await sendWithAuthorization(request, header, ministry.target)).toMatchObject(unauthorized);
  });

  test('for another request is not taken', async () => {
    const signed = doorNamed('state_ids').request(attempt());
    const header = xMatrixHeader({ ...signed, destination: land }, schools);
    const sent = doorNamed('state').request(attempt());
    expect(await sendWithAuthorization(sent, header, ministry.target)).toMatchObject(unauthorized);
  });

  test('for its own request is taken: the control', async () => {
    const request = doorNamed('state_ids').request(attempt());
    expect(await sendFederationRequest(request, schools, ministry.target)).toMatchObject({ status: 200 });
  });

  test('does not make a message one of a person of the ministry', async () => {
    const since = await currentPosition(resident);
    const content = { msgtype: 'm.text', body: 'untergeschoben' };
    const { eventId, pdu } = buildEvent(draftEvent(room, resident.userId, 'm.room.message', content), schools);
    const answer = await sendFederationRequest(transaction(schools, { pdus: [pdu] }), schools, ministry.target);
    expect(answer).toMatchObject({ status: 200, body: { pdus: { [eventId]: { error: expect.any(String) } } } });
    expect(JSON.stringify((await newsUpToNow(resident, since)).roomEvents)).not.toContain('untergeschoben');
  });
});
