/**
 * What the listed server may say and ask about people with whom it shares no room, as far as the homeserver itself
 * answers (W08, W20). The rest is the border gateway's: border/open-cases.ts.
 */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { sendFederationRequest } from '#test/harness/federation/federation-client.ts';
import { loggedRequest } from '#test/harness/federation/request-log.ts';
import { accepted } from '#test/harness/matrix/rooms.ts';
import { signOut, type MatrixSession } from '#test/harness/matrix/session.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { encode, federation, transaction } from '../doors/door.ts';
import { land, schule, signInPerson, somebody } from '../running-stack.ts';
import { useSharedRoom } from '../shared-room.ts';

const shared = useSharedRoom();
/** Somebody of the schools' server who is in no room of the ministry's. */
const unknown = `@unbekannt:${schule}`;

test('whether somebody exists cannot be learned from the profile: the answer is the same', async () => {
  const { ministry, schools, resident } = shared();
  const ask = async (userId: string) => {
    const request = { method: 'GET', uri: `${federation}/v1/query/profile?user_id=${encode(userId)}` } as const;
    const { mark, ...answer } = await sendFederationRequest(request, schools.signer, ministry.target);
    expect(await loggedRequest(ministry.requestLog, mark)).toMatchObject({ requester: schule, status: 403 });
    return answer;
  };
  expect(await ask(resident.userId)).toEqual(await ask(`@niemand:${land}`));
});

const changesSchema = z.object({
  next_batch: z.string(),
  device_lists: z.object({ changed: z.array(z.string()).default([]) }).default({ changed: [] }),
  presence: z.object({ events: z.array(z.unknown()).default([]) }).default({ events: [] }),
});

type Changes = z.infer<typeof changesSchema>;

async function changesSince(since: string | null): Promise<Changes> {
  const query = new URLSearchParams(since === null ? {} : { since, timeout: '3000' });
  return changesSchema.parse(accepted(await shared().resident.request('GET', `/v3/sync?${query.toString()}`)));
}

/** Everything that was told since then, until the devices of `userId` were among it. */
async function untilHeardOf(userId: string, since: string): Promise<Changes> {
  const told: Changes = { next_batch: since, device_lists: { changed: [] }, presence: { events: [] } };
  return waitUntil(`word of the devices of ${userId}`, async () => {
    const { next_batch, device_lists, presence } = await changesSince(told.next_batch);
    told.next_batch = next_batch;
    told.device_lists.changed.push(...device_lists.changed);
    told.presence.events.push(...presence.events);
    return told.device_lists.changed.includes(userId) ? told : undefined;
  });
}

const deviceSchema = z.object({ device_id: z.string() });

/** Keys of no worth, for the session's device: from then on other servers are told of it. */
async function uploadDeviceKeys(session: MatrixSession): Promise<void> {
  const { device_id } = deviceSchema.parse(accepted(await session.request('GET', '/v3/account/whoami')));
  const keys = { [`ed25519:${device_id}`]: 'kein Schlüssel' };
  const device_keys = { user_id: session.userId, device_id, algorithms: [], keys, signatures: {} };
  accepted(await session.request('POST', '/v3/keys/upload', { device_keys }));
}

function statementsAbout(user_id: string): readonly object[] {
  const presence = { user_id, presence: 'online', last_active_ago: 1, currently_active: true };
  const device = { user_id, device_id: 'GERAET', stream_id: Date.now(), prev_id: [], deleted: true };
  return [
    { edu_type: 'm.presence', content: { push: [presence] } },
    { edu_type: 'm.device_list_update', content: device },
    { edu_type: 'm.signing_key_update', content: { user_id } },
  ];
}

test('what a server says of people with whom nobody here shares a room reaches nobody; of a member it does', async () => {
  const { ministry, schools, teacher } = shared();
  const { next_batch: since } = await changesSince(null);
  const edus = [...statementsAbout(unknown), ...statementsAbout(teacher)];
  expect(
    await sendFederationRequest(transaction(schools.signer, { edus }), schools.signer, ministry.target),
  ).toMatchObject({
    status: 200,
  });
  // The control, and behind it the sentinel: a member of a common room gets a new device, and their server says so.
  const person = somebody(schools.domain, ({ userId }) => userId === teacher);
  const session = await signInPerson(schools.domain, person);
  await uploadDeviceKeys(session);
  const heard = await untilHeardOf(teacher, since);
  await signOut(session);
  expect(heard.device_lists.changed).not.toContain(unknown);
  expect(heard.presence.events).toEqual([]);
});
