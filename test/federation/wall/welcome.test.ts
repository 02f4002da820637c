/**
 * The control for incoming.test.ts: the same doors, tried by the schools' server in the room that it shares with the
 * ministry. So the refusals are the wall's, and the request log shows what comes through as well.
 */
import { describe, expect, test } from 'vitest';
import { sendFederationRequest, type FederationAnswer } from '#test/harness/federation/federation-client.ts';
import { loggedRequest } from '#test/harness/federation/request-log.ts';
import { currentPosition, newsUntil, type News } from '#test/harness/matrix/sync.ts';
import { doorNamed, doors } from '../doors/all-doors.ts';
import type { Door } from '../doors/door.ts';
import { schule } from '../running-stack.ts';
import { useSharedRoom } from '../shared-room.ts';

const shared = useSharedRoom();

async function tryDoor(door: Door): Promise<FederationAnswer> {
  const { ministry, schools, resident, teacher, know } = shared();
  const request = door.request({
    origin: schools.signer,
    visitor: teacher,
    room: await know(),
    resident: resident.userId,
  });
  return sendFederationRequest(request, schools.signer, ministry.target);
}

describe('schule.hessen.test at the doors of land.hessen.test', () => {
  test.each(doors)('$name is answered with $welcome.status, and the request log names the server', async (door) => {
    const answer = await tryDoor(door);
    const { status, error } = door.welcome;
    expect(answer).toMatchObject({ status, ...(error !== undefined && { body: { error } }) });
    expect(await loggedRequest(shared().ministry.requestLog, answer.mark)).toMatchObject({ requester: schule, status });
  });

  // In this order: the receipt is for the message.
  test.each([
    { door: 'send a message', arriving: ['m.room.message'] },
    { door: 'send a typing notice and a receipt', arriving: ['m.typing', 'm.receipt'] },
    { door: 'send to a device', arriving: ['de.landbote.test'] },
  ])('$door: the resident gets $arriving', async ({ door, arriving }) => {
    const { resident } = shared();
    const since = await currentPosition(resident);
    expect(await tryDoor(doorNamed(door))).toMatchObject({ status: 200 });
    const news = await newsUntil(resident, since, (soFar) => arriving.every((type) => typesOf(soFar).includes(type)));
    expect(typesOf(news)).toEqual(expect.arrayContaining(arriving));
  });
});

/** What news there are of the teacher. */
function typesOf({ roomEvents, toDevice }: News): readonly string[] {
  return [...roomEvents, ...toDevice]
    .filter((event) => JSON.stringify(event).includes(shared().teacher))
    .map(({ type }) => type);
}
