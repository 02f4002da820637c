import { expect, test } from 'vitest';
import type { NewConversation } from '#contract/api.ts';
import { roomOriginKey } from '#contract/event-content.ts';
import { roomIdSchema, userIdSchema, type RoomId, type UserId } from '#contract/ids.ts';
import type { RoomCreation } from '#appservice/matrix/ports.ts';
import { buildPeopleDirectory } from '#appservice/people/people-directory.ts';
import {
  jana,
  organisation,
  schoolServerName,
  serverName,
  teacher,
  uwe,
} from '#appservice/people/test-organisation.ts';
import { openTestDatabase } from '#appservice/store/test-database.ts';
import { createConversationRecords } from './conversation-records.ts';
import { createTestSeal } from '#appservice/roster/test-seal.ts';
import { createConversationStarter } from './conversation-starter.ts';
import { createFakeHomeserver, type FakeMembership } from './fake-homeserver.ts';

const bot = userIdSchema.parse(`@landbote:${serverName}`);
const schoolBot = userIdSchema.parse(`@landbote:${schoolServerName}`);
const theirs = roomIdSchema.parse('!of-the-school');
const withTeacher: NewConversation = { class: 'direkt', with: teacher };

interface StandingRoom {
  readonly creator?: UserId;
  readonly class?: string;
  readonly domain?: string;
  readonly members?: readonly (readonly [UserId, FakeMembership])[];
}

function creationOf({ class: roomClass = 'direkt', domain = 'land' }: StandingRoom): RoomCreation {
  const origin = { domain, class: roomClass, address: 'conversation/theirs', body: null };
  return {
    room_version: '12',
    visibility: 'private',
    preset: 'private_chat',
    invite: [],
    creation_content: { [roomOriginKey]: origin },
    initial_state: [],
  };
}

/** The rooms that Jana's start of a chat with the teacher leads to, while a room of another side stands. */
async function startBeside(standing: StandingRoom): Promise<{ roomId: RoomId; created: boolean; rooms: number }> {
  const fake = createFakeHomeserver(bot);
  const { creator = schoolBot, members } = standing;
  const both: StandingRoom['members'] = [
    [teacher, 'join'],
    [jana, 'join'],
  ];
  const memberships = new Map<UserId, FakeMembership>([[creator, 'join'], ...(members ?? both)]);
  fake.rooms.set(theirs, { creation: creationOf(standing), memberships, creator, written: [] });
  const people = buildPeopleDirectory(organisation);
  const starter = createConversationStarter({
    serverName,
    homeserver: fake.homeserver,
    rosters: createTestSeal(),
    organisation: () => organisation,
    people: () => people,
    closedAccounts: () => new Set(),
    records: createConversationRecords(await openTestDatabase(), () => 1_000),
    async acceptInvitations(person) {
      if (memberships.get(person) === 'invite') memberships.set(person, 'join');
    },
    reportFailure: ({ error }) => expect.unreachable(String(error)),
  });
  const outcome = await starter.start(jana, withTeacher);
  await starter.settle();
  if (!outcome.isStarted) throw new Error(`refused: ${outcome.refusal.code}`);
  return { ...outcome.conversation, rooms: fake.rooms.size };
}

test.each<[string, StandingRoom]>([
  ['with both in it', {}],
  [
    'whose invitation still waits',
    {
      members: [
        [teacher, 'join'],
        [jana, 'invite'],
      ],
    },
  ],
  [
    'that its other person has not joined yet',
    {
      members: [
        [teacher, 'invite'],
        [jana, 'join'],
      ],
    },
  ],
])('a direct chat %s that the other homeserver made is answered, and none is made', async (_what, standing) => {
  expect(await startBeside(standing)).toEqual({ roomId: theirs, created: false, rooms: 1 });
});

test.each<[string, StandingRoom]>([
  ['a room that a person made', { creator: teacher, members: [[jana, 'join']] }],
  ['a group', { class: 'gruppe' }],
  ['a room of another trust domain', { domain: 'polizei' }],
  [
    'a chat that a third person was in',
    {
      members: [
        [teacher, 'join'],
        [jana, 'join'],
        [uwe, 'leave'],
      ],
    },
  ],
  [
    'a chat that the other one has left',
    {
      members: [
        [teacher, 'leave'],
        [jana, 'join'],
      ],
    },
  ],
  [
    'a chat with somebody else',
    {
      members: [
        [uwe, 'join'],
        [jana, 'join'],
      ],
    },
  ],
])('%s does not pass for it', async (_what, standing) => {
  expect(await startBeside(standing)).toMatchObject({ created: true, rooms: 2 });
});
