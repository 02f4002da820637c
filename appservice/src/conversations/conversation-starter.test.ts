import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import type { NewConversation } from '#contract/api.ts';
import { roomIdSchema, userIdSchema, type UserId } from '#contract/ids.ts';
import { verifyAudit } from '#appservice/audit/verify-audit.ts';
import { openTestDatabase } from '#appservice/store/test-database.ts';
import {
  departed,
  jana,
  officer,
  organisation,
  schoolServerName,
  serverName,
  teacher,
  uwe,
} from '#appservice/people/test-organisation.ts';
import { HomeserverError } from '#appservice/matrix/ports.ts';
import { buildPeopleDirectory } from '#appservice/people/people-directory.ts';
import { createConversationRecords } from './conversation-records.ts';
import { createTestSeal } from '#appservice/roster/test-seal.ts';
import { createConversationStarter, type StartOutcome } from './conversation-starter.ts';
import { createFakeHomeserver } from './fake-homeserver.ts';

const direct: NewConversation = { class: 'direkt', with: uwe };
const group: NewConversation = { class: 'gruppe', name: 'Haushalt', people: [uwe, teacher] };
const bot = userIdSchema.parse('@landbote:land.hessen.test');

const rosters = createTestSeal();

async function setUp() {
  const database = await openTestDatabase();
  const fake = createFakeHomeserver(bot);
  const failures: UserId[] = [];
  const people = buildPeopleDirectory(organisation);
  const closed = new Set<UserId>();
  /** A starter as after a restart: what is in memory is lost, what is in database and homeserver stays. */
  const restart = () =>
    createConversationStarter({
      serverName,
      homeserver: fake.homeserver,
      rosters,
      organisation: () => organisation,
      people: () => people,
      closedAccounts: () => closed,
      records: createConversationRecords(database, () => 1_000),
      acceptInvitations: async () => undefined,
      reportFailure: ({ userId }) => failures.push(userId),
    });
  return { database, fake, failures, closed, restart, starter: restart() };
}

type SetUp = Awaited<ReturnType<typeof setUp>>;

function roomIdOf(outcome: StartOutcome): string {
  if (!outcome.isStarted) throw new Error(`refused: ${outcome.refusal.code}`);
  return outcome.conversation.roomId;
}

function onlyRoom({ fake }: SetUp) {
  const rooms = [...fake.rooms.values()];
  expect(rooms).toHaveLength(1);
  return rooms[0];
}

function stateContent({ fake }: SetUp, type: string): unknown {
  return [...fake.rooms.values()][0]?.creation.initial_state.find((state) => state.type === type)?.content;
}

async function countOf({ database }: SetUp, table: 'conversation' | 'room' | 'audit'): Promise<number> {
  return (await database.selectFrom(table).selectAll().execute()).length;
}

test('a direct chat of one server does not federate, is encrypted, and both are in it', async () => {
  const parts = await setUp();
  const outcome = await parts.starter.start(jana, direct);
  await parts.starter.settle();
  expect(outcome).toEqual({ isStarted: true, conversation: { roomId: '!room-1', created: true } });
  const room = onlyRoom(parts);
  expect(room?.creation.creation_content).toMatchObject({
    'm.federate': false,
    'de.landbote.room': {
      domain: 'land',
      class: 'direkt',
      body: null,
      address: expect.stringMatching(/^conversation\/[0-9a-f-]{36}$/),
    },
  });
  expect(stateContent(parts, 'm.room.encryption')).toMatchObject({ algorithm: 'm.megolm.v1.aes-sha2' });
  expect(stateContent(parts, 'm.room.server_acl')).toMatchObject({ allow: [serverName] });
  expect(Object.fromEntries(room?.memberships ?? [])).toEqual({ [bot]: 'join', [jana]: 'join', [uwe]: 'join' });
});

test('with somebody of the domain’s other server the room federates, with exactly both in the ACL; the other is invited', async () => {
  const parts = await setUp();
  await parts.starter.start(jana, { class: 'direkt', with: teacher });
  await parts.starter.settle();
  const room = onlyRoom(parts);
  expect(room?.creation.creation_content).toMatchObject({ 'm.federate': true });
  expect(stateContent(parts, 'm.room.server_acl')).toMatchObject({ allow: [serverName, schoolServerName] });
  expect(room?.creation.invite).toEqual([jana]);
  expect(room?.memberships.get(teacher)).toBe('invite');
});

test('a group has its name and everybody in it, the creator too', async () => {
  const parts = await setUp();
  await parts.starter.start(jana, group);
  await parts.starter.settle();
  expect(stateContent(parts, 'm.room.name')).toEqual({ name: 'Haushalt' });
  expect(Object.fromEntries(onlyRoom(parts)?.memberships ?? [])).toEqual({
    [bot]: 'join',
    [jana]: 'join',
    [uwe]: 'join',
    [teacher]: 'invite',
  });
});

test('a second request, of either side, finds the same direct chat', async () => {
  const parts = await setUp();
  await parts.starter.start(jana, direct);
  expect(await parts.starter.start(jana, direct)).toEqual({
    isStarted: true,
    conversation: { roomId: '!room-1', created: false },
  });
  expect(await parts.restart().start(uwe, { class: 'direkt', with: jana })).toMatchObject({
    conversation: { roomId: '!room-1', created: false },
  });
  onlyRoom(parts);
});

test('concurrent requests of both sides make one room, and one of them created it', async () => {
  const parts = await setUp();
  const outcomes = await Promise.all([
    ...Array.from({ length: 5 }, () => parts.starter.start(jana, direct)),
    ...Array.from({ length: 5 }, () => parts.starter.start(uwe, { class: 'direkt', with: jana })),
  ]);
  expect(new Set(outcomes.map(roomIdOf))).toEqual(new Set(['!room-1']));
  expect(outcomes.filter((outcome) => outcome.isStarted && outcome.conversation.created)).toHaveLength(1);
  onlyRoom(parts);
});

test('two groups of the same people are two rooms', async () => {
  const parts = await setUp();
  const first = await parts.starter.start(jana, group);
  const second = await parts.starter.start(jana, group);
  expect(roomIdOf(first)).not.toBe(roomIdOf(second));
});

test('the answer waits for the creator and not for the others', async () => {
  const parts = await setUp();
  const { promise: uweMayJoin, resolve: letUweJoin } = Promise.withResolvers<void>();
  parts.fake.before = (operation, userId) =>
    operation === 'joinAs' && userId === uwe ? uweMayJoin : Promise.resolve();
  await parts.starter.start(jana, direct);
  expect(onlyRoom(parts)?.memberships.get(jana)).toBe('join');
  expect(onlyRoom(parts)?.memberships.get(uwe)).toBe('invite');
  letUweJoin();
  await parts.starter.settle();
  expect(onlyRoom(parts)?.memberships.get(uwe)).toBe('join');
});

test('whoever starts a conversation gets the answer when it is signed who belongs to it', async () => {
  const set = await setUp();
  const signing = Promise.withResolvers<void>();
  set.fake.before = async (operation) => (operation === 'sendState' ? signing.promise : undefined);
  let isAnswered = false;
  const started = set.starter.start(jana, group).finally(() => (isAnswered = true));
  await vi.waitFor(() => expect(onlyRoom(set)?.memberships.get(jana)).toBe('join'));
  expect(isAnswered).toBe(false);
  signing.resolve();
  const roomId = roomIdSchema.parse(roomIdOf(await started));
  const { members } = rosters.open(roomId, onlyRoom(set)?.written ?? []) ?? {};
  expect(members).toEqual([jana, uwe, teacher].toSorted());
});

test('a conversation stands also where signing it failed: the reconciler makes up for it', async () => {
  const set = await setUp();
  set.fake.before = async (operation) => {
    if (operation === 'sendState') throw new Error('away');
  };
  expect(await set.starter.start(jana, group)).toMatchObject({ isStarted: true });
});

test('an address counts as starting from the first write until its room is recorded, also after a failure', async () => {
  const parts = await setUp();
  const seen: boolean[] = [];
  const look = async () => {
    const { address } = await parts.database.selectFrom('conversation').select('address').executeTakeFirstOrThrow();
    seen.push(parts.starter.isStarting(address));
  };
  parts.fake.before = async () => {
    await look();
    throw new HomeserverError(0, 'M_UNKNOWN', 'connection refused');
  };
  await expect(parts.starter.start(jana, direct)).rejects.toThrow(HomeserverError);
  await look();
  expect(seen).toEqual([true, false]);
});

test('a join or invitation that fails after the answer is reported and disturbs nobody', async () => {
  const parts = await setUp();
  parts.fake.before = async (_operation, userId) => {
    if (userId === teacher) throw new HomeserverError(502, 'M_UNKNOWN', 'the school’s server is away');
  };
  const outcome = await parts.starter.start(jana, group);
  await parts.starter.settle();
  expect(outcome.isStarted).toBe(true);
  expect(parts.failures).toEqual([teacher]);
  expect(onlyRoom(parts)?.memberships.get(uwe)).toBe('join');
});

test('starting a direct chat again brings back who has left it', async () => {
  const parts = await setUp();
  await parts.starter.start(jana, direct);
  await parts.starter.settle();
  for (const person of [jana, uwe]) onlyRoom(parts)?.memberships.set(person, 'leave');
  await parts.starter.start(jana, direct);
  expect(onlyRoom(parts)?.memberships.get(jana)).toBe('join');
  await parts.starter.settle();
  expect(onlyRoom(parts)?.memberships.get(uwe)).toBe('join');
});

test.each<[string, NewConversation, string, UserId[]]>([
  ['somebody of another domain', { class: 'direkt', with: officer }, 'person.outside-domain', [officer]],
  ['somebody who is not declared', { class: 'direkt', with: departed }, 'person.unknown', [departed]],
  [
    'a group with strangers among known people',
    { class: 'gruppe', name: 'x', people: [uwe, officer, departed] },
    'person.outside-domain',
    [officer],
  ],
  ['oneself', { class: 'direkt', with: jana }, 'conversation.refused-by-policy', []],
  ['a group of oneself', { class: 'gruppe', name: 'x', people: [jana, jana] }, 'conversation.refused-by-policy', []],
])('with %s nothing is created', async (_who, wanted, code, people) => {
  const parts = await setUp();
  expect(await parts.starter.start(jana, wanted)).toMatchObject({ isStarted: false, refusal: { code, people } });
  expect(parts.fake.rooms.size).toBe(0);
  expect([await countOf(parts, 'conversation'), await countOf(parts, 'audit')]).toEqual([0, 0]);
});

test('intent and room each leave an audit row, whole and in order', async () => {
  const parts = await setUp();
  await parts.starter.start(jana, direct);
  const rows = await parts.database
    .selectFrom('audit')
    .select(['actor', 'action', 'detail'])
    .orderBy('sequence')
    .execute();
  expect(rows.map(({ actor, action, detail }) => [actor, action, JSON.parse(detail)])).toEqual([
    [jana, 'conversation.requested', { class: 'direkt', members: [jana, uwe] }],
    [jana, 'conversation.created', { class: 'direkt', members: [jana, uwe], roomId: '!room-1' }],
  ]);
  expect(await verifyAudit(parts.database)).toMatchObject({ firstBadSequence: null });
});

test.each([['direct chat', direct] as const, ['group', group] as const])(
  'when the homeserver is away, the same request continues the %s afterwards',
  async (_what, wanted) => {
    const parts = await setUp();
    parts.fake.before = () => Promise.reject(new HomeserverError(0, 'M_UNKNOWN', 'connection refused'));
    await expect(parts.starter.start(jana, wanted)).rejects.toThrow(HomeserverError);
    expect([await countOf(parts, 'conversation'), await countOf(parts, 'room')]).toEqual([1, 0]);
    parts.fake.before = async () => {};
    expect(await parts.starter.start(jana, wanted)).toMatchObject({ isStarted: true, conversation: { created: true } });
    expect([await countOf(parts, 'conversation'), await countOf(parts, 'room')]).toEqual([1, 1]);
  },
);

test('a crash between making and recording the room leaves no second room', async () => {
  const parts = await setUp();
  const trigger = `create trigger crash before insert on room begin select raise(abort, 'crash'); end`;
  await sql.raw(trigger).execute(parts.database);
  await expect(parts.starter.start(jana, direct)).rejects.toThrow('crash');
  await sql.raw('drop trigger crash').execute(parts.database);
  const outcome = await parts.restart().start(jana, direct);
  expect(outcome).toEqual({ isStarted: true, conversation: { roomId: '!room-1', created: false } });
  expect(onlyRoom(parts)?.memberships.get(jana)).toBe('join');
});
