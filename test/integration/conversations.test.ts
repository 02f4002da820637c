/** Direct chats and groups on real homeservers: who is in them, and what protects them from their first moment on. */
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { conversationSchema, type Conversation, type NewConversation } from '#contract/api.ts';
import { roomOriginKey } from '#contract/event-content.ts';
import { userIdSchema, type RoomId, type UserId } from '#contract/ids.ts';
import { problemSchema } from '#contract/problem.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { joinedMembers, readProvisionedRooms, readState, type RoomEvent } from '#test/harness/matrix/rooms.ts';
import {
  peopleOfDifferentBodies,
  provisionedHomeserver,
  signInPerson,
  type ProvisionedHomeserver,
  type SignedInPerson,
} from './people-of-the-stack.ts';

let land: ProvisionedHomeserver;
let schule: ProvisionedHomeserver;
let clerk: SignedInPerson;
let colleague: SignedInPerson;
let third: UserId;
let teacher: SignedInPerson;
let officer: UserId;

beforeAll(async () => {
  land = await provisionedHomeserver('land.hessen.test');
  schule = await provisionedHomeserver('schule.hessen.test');
  const [first, second, other] = peopleOfDifferentBodies(land, 3);
  const [ofSchool] = peopleOfDifferentBodies(schule, 1);
  const [ofPolice] = peopleOfDifferentBodies(await provisionedHomeserver('polizei.hessen.test'), 1);
  if (!first || !second || !other || !ofSchool || !ofPolice) throw new Error('the stack lacks people');
  clerk = await signInPerson(land, first);
  colleague = await signInPerson(land, second);
  teacher = await signInPerson(schule, ofSchool);
  third = other.userId;
  officer = ofPolice.userId;
});

async function start({ api }: SignedInPerson, wanted: NewConversation): Promise<Conversation> {
  const { status, body } = await api.request('POST', '/conversations', wanted);
  if (status !== 200 && status !== 201) throw new Error(`the appservice answered ${status} ${JSON.stringify(body)}`);
  return conversationSchema.parse(body);
}

const joinedRoomsSchema = z.object({ joined_rooms: z.array(z.string()) });

/** A person's own homeserver shows them a room only when it has taken in the whole join, after the other ones. */
function untilIn({ matrix, person }: SignedInPerson, roomId: RoomId): Promise<true> {
  return waitUntil(`the join of ${person.userId}`, async () => {
    const { body } = await matrix.request('GET', '/v3/joined_rooms');
    return joinedRoomsSchema.parse(body).joined_rooms.includes(roomId) ? true : undefined;
  });
}

/** The room's state as `person` sees it, once exactly the bot and these people are in it. */
async function stateWithMembers(
  person: SignedInPerson,
  roomId: RoomId,
  people: readonly UserId[],
): Promise<readonly RoomEvent[]> {
  await untilIn(person, roomId);
  const { matrix } = person;
  const expected = [userIdSchema.parse(`@landbote:${land.serverName}`), ...people].toSorted();
  return waitUntil(`the membership of ${people.join(', ')}`, async () => {
    const state = await readState(matrix, roomId);
    return joinedMembers(state).toSorted().join() === expected.join() ? state : undefined;
  });
}

function contentOf(state: readonly RoomEvent[], type: string): Record<string, unknown> | undefined {
  return state.find((event) => event.type === type && event.state_key === '')?.content;
}

describe('a direct chat between people of two ministries', () => {
  test('is closed to other servers, encrypted, and both are in it without a click', async () => {
    const { roomId } = await start(clerk, { class: 'direkt', with: colleague.person.userId });
    const state = await stateWithMembers(clerk, roomId, [clerk.person.userId, colleague.person.userId]);
    expect(contentOf(state, 'm.room.create')).toMatchObject({
      room_version: '12',
      'm.federate': false,
      [roomOriginKey]: { domain: 'land', class: 'direkt', body: null },
    });
    expect(contentOf(state, 'm.room.encryption')).toMatchObject({ algorithm: 'm.megolm.v1.aes-sha2' });
    expect(contentOf(state, 'm.room.server_acl')).toEqual({
      allow: [land.serverName],
      deny: [],
      allow_ip_literals: false,
    });
    expect(contentOf(state, 'm.room.join_rules')).toMatchObject({ join_rule: 'invite' });
    expect(contentOf(state, 'm.room.history_visibility')).toEqual({ history_visibility: 'invited' });
    expect(contentOf(state, 'm.room.guest_access')).toEqual({ guest_access: 'forbidden' });
    expect(contentOf(state, 'm.room.power_levels')).toMatchObject({
      invite: 100,
      kick: 100,
      ban: 100,
      redact: 100,
      users_default: 0,
    });
  });

  test('is found again by either side, also when both ask at once', async () => {
    const first = await start(clerk, { class: 'direkt', with: colleague.person.userId });
    const again = await Promise.all([
      start(clerk, { class: 'direkt', with: colleague.person.userId }),
      start(colleague, { class: 'direkt', with: clerk.person.userId }),
    ]);
    expect(again).toEqual([
      { roomId: first.roomId, created: false },
      { roomId: first.roomId, created: false },
    ]);
  });

  test('is one room, even if both sides start it at the same moment', async () => {
    const other = await signInPerson(land, land.domain.people.find(({ userId }) => userId === third) ?? clerk.person);
    const started = await Promise.all([
      start(clerk, { class: 'direkt', with: third }),
      start(other, { class: 'direkt', with: clerk.person.userId }),
      start(clerk, { class: 'direkt', with: third }),
    ]);
    expect(new Set(started.map(({ roomId }) => roomId)).size).toBe(1);
  });
});

test('a direct chat with a school federates with exactly the school’s server, which joins its own person', async () => {
  const { roomId } = await start(clerk, { class: 'direkt', with: teacher.person.userId });
  const members = [clerk.person.userId, teacher.person.userId];
  const state = await stateWithMembers(clerk, roomId, members);
  expect(contentOf(state, 'm.room.create')).toMatchObject({
    'm.federate': true,
    [roomOriginKey]: { domain: 'land', class: 'direkt' },
  });
  expect(contentOf(state, 'm.room.server_acl')).toEqual({
    allow: [land.serverName, schule.serverName],
    deny: [],
    allow_ip_literals: false,
  });
  await stateWithMembers(teacher, roomId, members);
});

test.each<[string, () => [starter: SignedInPerson, partner: SignedInPerson]]>([
  ['the ministry', () => [clerk, teacher]],
  ['the school', () => [teacher, colleague]],
])('a direct chat that %s started is the one that the other side finds', async (_who, sides) => {
  const [starter, partner] = sides();
  const { roomId } = await start(starter, { class: 'direkt', with: partner.person.userId });
  await untilIn(partner, roomId);
  const answer = await start(partner, { class: 'direkt', with: starter.person.userId });
  expect(answer).toEqual({ roomId, created: false });
});

test('a group carries its name, and everybody chosen is in it, on both servers', async () => {
  const people = [colleague.person.userId, third, teacher.person.userId];
  const { roomId, created } = await start(clerk, { class: 'gruppe', name: 'Schulbau 2027', people });
  expect(created).toBe(true);
  const state = await stateWithMembers(clerk, roomId, [clerk.person.userId, ...people]);
  expect(contentOf(state, 'm.room.name')).toEqual({ name: 'Schulbau 2027' });
  expect(contentOf(state, 'm.room.create')).toMatchObject({ [roomOriginKey]: { class: 'gruppe' } });
});

describe('with somebody of the police', () => {
  test.each<[string, (colleagueId: UserId) => NewConversation]>([
    ['a direct chat', () => ({ class: 'direkt', with: officer })],
    [
      'a group with colleagues',
      (colleagueId) => ({ class: 'gruppe', name: 'Über die Mauer', people: [colleagueId, officer] }),
    ],
  ])('%s is refused as a whole, and no room comes about', async (_what, wanted) => {
    const before = await readProvisionedRooms(clerk.matrix);
    const { status, body } = await clerk.api.request('POST', '/conversations', wanted(colleague.person.userId));
    expect(status).toBe(403);
    const problem = problemSchema.parse(body);
    expect(problem.code).toBe('person.outside-domain');
    expect(problem.problems?.map(({ path }) => path)).toEqual([officer]);
    const after = await readProvisionedRooms(clerk.matrix);
    expect(after.map(({ roomId }) => roomId).toSorted()).toEqual(before.map(({ roomId }) => roomId).toSorted());
  });

  test('a room of one’s own making is no way round', async () => {
    const answer = await clerk.matrix.request('POST', '/v3/createRoom', { preset: 'public_chat', invite: [officer] });
    expect(answer).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
  });
});

test('people cannot invite into a direct chat, not even colleagues', async () => {
  const { roomId } = await start(clerk, { class: 'direkt', with: colleague.person.userId });
  for (const invitee of [third, officer]) {
    const answer = await clerk.matrix.request('POST', `/v3/rooms/${encodeURIComponent(roomId)}/invite`, {
      user_id: invitee,
    });
    expect(answer.status).toBe(403);
  }
});
