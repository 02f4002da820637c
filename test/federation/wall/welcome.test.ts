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
import { doors } from '../doors/all-doors.ts';
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

  test('brings its person to the resident: message, typing, receipt, message to the device', async () => {
    const since = await currentPosition(resident);
    const sending = doors.filter((door) => door.name.startsWith('send '));
    for (const door of sending) expect(await tryDoor(door)).toMatchObject({ status: 200 });
    const arrived = (news: News): readonly string[] => [
      ...news.roomEvents.filter((event) => JSON.stringify(event).includes(visitor)).map((event) => event.type),
      ...news.toDevice.filter((event) => event.sender === visitor).map((event) => event.type),
    ];
    const wanted = ['m.room.message', 'm.typing', 'm.receipt', 'de.landbote.test'];
    const news = await newsUntil(resident, since, (news) => wanted.every((type) => arrived(news).includes(type)));
    expect(arrived(news)).toEqual(expect.arrayContaining(wanted));
  });
});
