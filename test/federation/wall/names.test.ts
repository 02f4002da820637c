/**
 * Only the exact name of a listed server opens the door (W34, W35): not the same name with a port, in capitals or with
 * a dot behind it, no look-alike, and no address of any kind. Each request is signed with the listed server's own key.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { connectionsUpToNow } from '#test/harness/federation/egress-log.ts';
import { sendFederationRequest, type FederationAnswer } from '#test/harness/federation/federation-client.ts';
import type { KnownRoom } from '#test/harness/federation/known-room.ts';
import { loggedRequest } from '#test/harness/federation/request-log.ts';
import { doorNamed } from '../doors/all-doors.ts';
import { schule } from '../running-stack.ts';
import { useSharedRoom } from '../shared-room.ts';

const shared = useSharedRoom();

let room: KnownRoom;
beforeAll(async () => {
  room = await shared().know();
});

function knock(serverName: string, door: string): Promise<FederationAnswer> {
  const { ministry, schools, resident, teacher } = shared();
  const origin = { ...schools.signer, serverName };
  const request = doorNamed(door).request({ origin, visitor: teacher, room, resident: resident.userId });
  return sendFederationRequest(request, origin, ministry.target);
}

const names = [
  `${schule}:1234`,
  `${schule}:8448`,
  schule.toUpperCase(),
  // The Cyrillic letter that looks like an e, as a name for the network.
  'xn--schul-0of.hessen.test',
  '1.2.3.4',
  '127.0.0.1',
  '127.1',
  '[::1]:8448',
];

describe.each(names)('%s', (name) => {
  test.each(['make_join', 'state', 'publicRooms'])('is refused at %s', async (door) => {
    const answer = await knock(name, door);
    expect(answer).toMatchObject({ status: 403, body: { error: `Federation denied with ${name}.` } });
    expect(await loggedRequest(shared().ministry.requestLog, answer.mark)).toMatchObject({
      requester: null,
      status: 403,
    });
  });
});

test('a name with a dot behind it is none at all', async () => {
  expect(await knock(`${schule}.`, 'state')).toMatchObject({ status: 400, body: { errcode: 'M_UNAUTHORIZED' } });
});

test('the control: by its name, the same server is served in the same room', async () => {
  const answer = await knock(schule, 'state');
  expect(answer.status).toBe(200);
  expect(await loggedRequest(shared().ministry.requestLog, answer.mark)).toMatchObject({
    requester: schule,
    status: 200,
  });
});

test('nobody was asked for the keys of such a name', async () => {
  const targets = (await connectionsUpToNow(shared().stack.egressProxy)).map(({ target }) => target);
  const wanted = targets.filter(
    (target) => target !== `${schule}:8448` && names.some((name) => target.startsWith(name)),
  );
  expect(wanted).toEqual([]);
});
