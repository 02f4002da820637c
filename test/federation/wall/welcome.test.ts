/**
 * The control for incoming.test.ts: the same doors, tried by the schools' server in the room that it shares with the
 * ministry. So the refusals are the wall's, and the request log shows what comes through as well.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { sendFederationRequest, type FederationAnswer } from '#test/harness/federation/federation-client.ts';
import { knowRoom } from '#test/harness/federation/known-room.ts';
import { loggedRequest } from '#test/harness/federation/request-log.ts';
import type { ProvisionedRoom } from '#test/harness/matrix/rooms.ts';
import type { MatrixSession } from '#test/harness/matrix/session.ts';
import { currentPosition, newsUntil, type News } from '#test/harness/matrix/sync.ts';
import { doorNamed, doors } from '../doors/all-doors.ts';
import type { Door } from '../doors/door.ts';
import { useResidents } from '../residents.ts';
import { memberOf, roomWithSchools } from '../rooms.ts';
import { land, readRunningStack, runningHomeserver, schule, type RunningHomeserver } from '../running-stack.ts';

const residentOf = useResidents();

let ministry: RunningHomeserver;
let schools: RunningHomeserver;
let resident: MatrixSession;
let room: ProvisionedRoom;
let visitor: string;

beforeAll(async () => {
  const stack = await readRunningStack();
  ministry = await runningHomeserver(stack, land);
  schools = await runningHomeserver(stack, schule);
  resident = await residentOf(ministry);
  room = await roomWithSchools(resident);
  visitor = memberOf(room, schule);
});

async function tryDoor(door: Door): Promise<FederationAnswer> {
  const known = await knowRoom(resident, room.roomId);
  const request = door.request({ origin: schools.signer, visitor, room: known, resident: resident.userId });
  return sendFederationRequest(request, schools.signer, ministry.target);
}

describe('schule.hessen.test at the doors of land.hessen.test', () => {
  test.each(doors)('$name is answered with $welcome.status, and the request log names the server', async (door) => {
    const answer = await tryDoor(door);
    const { status, error } = door.welcome;
    expect(answer).toMatchObject({ status, ...(error !== undefined && { body: { error } }) });
    expect(await loggedRequest(ministry.requestLog, answer.mark)).toMatchObject({ requester: schule, status });
  });

  // In this order: the receipt is for the message.
  test.each([
    { door: 'send a message', arriving: ['m.room.message'] },
    { door: 'send a typing notice and a receipt', arriving: ['m.typing', 'm.receipt'] },
    { door: 'send to a device', arriving: ['de.landbote.test'] },
  ])('$door: the resident gets $arriving', async ({ door, arriving }) => {
    const since = await currentPosition(resident);
    expect(await tryDoor(doorNamed(door))).toMatchObject({ status: 200 });
    const news = await newsUntil(resident, since, (soFar) => arriving.every((type) => typesOf(soFar).includes(type)));
    expect(typesOf(news)).toEqual(expect.arrayContaining(arriving));
  });
});

/** What news there are of the visitor. */
function typesOf({ roomEvents, toDevice }: News): readonly string[] {
  return [...roomEvents, ...toDevice]
    .filter((event) => JSON.stringify(event).includes(visitor))
    .map(({ type }) => type);
}
