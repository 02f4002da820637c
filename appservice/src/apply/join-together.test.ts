import { expect, test } from 'vitest';
import { roomIdSchema, userIdSchema, type RoomId, type UserId } from '#contract/ids.ts';
import { HomeserverError, type Actor, type RoomCreation } from '#appservice/matrix/ports.ts';
import { createRecordingHomeserver, type RecordingHomeserver } from '#appservice/matrix/recording-homeserver.ts';
import { joiningTogether } from './join-together.ts';

const room = roomIdSchema.parse(`!${'A'.repeat(43)}`);
const crowd = Array.from({ length: 250 }, (_, index) => userIdSchema.parse(`@person-${index}:land.hessen.test`));
const few = crowd.slice(0, 4);
const first = userIdSchema.parse('@person-0:land.hessen.test');
const second = userIdSchema.parse('@person-1:land.hessen.test');

function methodsOf({ requests }: RecordingHomeserver): Record<string, number> {
  const byMethod = Map.groupBy(requests, ({ method }) => method);
  return Object.fromEntries([...byMethod].map(([method, { length }]) => [method, length]));
}

async function bring(actor: Actor, people: readonly UserId[], roomId: RoomId = room): Promise<void> {
  for (const person of people) await actor.invite(roomId, person);
  for (const person of people) await actor.joinAs(person, roomId, []);
}

test('a crowd is joined in groups of at most a hundred, and nobody is invited or joined besides', async () => {
  const homeserver = createRecordingHomeserver({ joinsTogether: true });
  await bring(
    joiningTogether(homeserver, () => crowd),
    crowd,
  );
  expect(methodsOf(homeserver)).toEqual({ joinTogether: 3 });
  expect(homeserver.requests.flatMap(({ parameters: [, people] }) => people)).toEqual(crowd);
});

test('without the module everybody is invited and joined singly', async () => {
  const homeserver = createRecordingHomeserver();
  await bring(
    joiningTogether(homeserver, () => few),
    few,
  );
  expect(methodsOf(homeserver)).toEqual({ invite: 4, joinAs: 4 });
});

test('two people are no group', async () => {
  const homeserver = createRecordingHomeserver({ joinsTogether: true });
  await bring(
    joiningTogether(homeserver, () => [first, second]),
    [first, second],
  );
  expect(methodsOf(homeserver)).toEqual({ invite: 2, joinAs: 2 });
});

test('whoever the group did not bring gets the refusal of a single request', async () => {
  const recording = createRecordingHomeserver({ joinsTogether: true });
  const refusal = new HomeserverError(403, 'M_USER_LOCKED', 'locked');
  const actor = joiningTogether(
    {
      ...recording,
      joinTogether: async (_, people) => new Set(people.filter((person) => person !== second)),
      invite: (_, person) => (person === second ? Promise.reject(refusal) : Promise.resolve()),
    },
    () => few,
  );
  await expect(actor.invite(room, first)).resolves.toBeUndefined();
  await expect(actor.invite(room, second)).rejects.toBe(refusal);
  expect(recording.requests).toEqual([]);
});

test('a module that fails is asked once, and people are joined singly', async () => {
  let asked = 0;
  const recording = createRecordingHomeserver();
  const joinTogether = async (): Promise<ReadonlySet<UserId>> => {
    asked += 1;
    throw new HomeserverError(0, 'M_UNKNOWN', 'no answer');
  };
  await bring(
    joiningTogether({ ...recording, joinTogether }, () => crowd),
    crowd,
  );
  expect(asked).toBe(1);
  expect(methodsOf(recording)).toEqual({ invite: 250, joinAs: 250 });
});

const creation: RoomCreation = {
  room_version: '12',
  visibility: 'private',
  preset: 'private_chat',
  invite: few,
  creation_content: {},
  initial_state: [],
};

test('a new room invites nobody whom the group will bring', async () => {
  const homeserver = createRecordingHomeserver({ joinsTogether: true });
  const actor = joiningTogether(homeserver, () => few);
  const roomId = await actor.createRoom(creation);
  for (const person of few) await actor.joinAs(person, roomId, []);
  expect(homeserver.requests).toEqual([
    { method: 'createRoom', parameters: [{ ...creation, invite: [] }] },
    { method: 'joinTogether', parameters: [roomId, few] },
  ]);
});

test('whom a new room did not invite and the group did not bring is invited before joining', async () => {
  const recording = createRecordingHomeserver({ joinsTogether: true });
  const actor = joiningTogether({ ...recording, joinTogether: async () => new Set() }, () => few);
  const roomId = await actor.createRoom(creation);
  await actor.joinAs(first, roomId, []);
  expect(recording.requests.slice(1)).toEqual([
    { method: 'invite', parameters: [roomId, first] },
    { method: 'joinAs', parameters: [first, roomId, []] },
  ]);
});
