import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { roomOriginKey } from '#contract/event-content.ts';
import { roomIdSchema, userIdSchema, type RoomId, type UserId } from '#contract/ids.ts';
import { HomeserverError, type Invitation } from '#appservice/matrix/ports.ts';
import { openStore } from '#appservice/store/open-store.ts';
import { ministryAndSchool, schule } from '../organisation/test-organisations.ts';
import type { AcceptInvitations, WhoseInvitations } from './acceptance.ts';
import { createSisterInvitations, type SisterOptions } from './sister-invitations.ts';

const doro = userIdSchema.parse('@doro.schul:schule.hessen.test');
const room = roomIdSchema.parse('!schulen');
const landbote = '@landbote:land.hessen.test';
const expected: WhoseInvitations = { isExpectedToo: true, people: new Set() };

function invitationOf(changes: { inviter?: string; domain?: string } = {}): Invitation {
  const origin = {
    domain: changes.domain ?? 'land',
    class: 'gemeinsam',
    address: 'room/hkm/+schulen',
    body: 'hkm',
  };
  const create = { type: 'm.room.create', state_key: '', content: { [roomOriginKey]: origin } };
  return { roomId: room, inviter: userIdSchema.parse(changes.inviter ?? landbote), strippedState: [create] };
}

async function setUp(invitation: Invitation, joinAs: () => Promise<void> = async () => undefined) {
  const store = await openStore({ url: 'sqlite::memory:' });
  onTestFinished(() => store.close());
  const asked: UserId[] = [];
  const joined: RoomId[] = [];
  const options: SisterOptions = {
    store,
    serverName: schule,
    concurrency: 2,
    ended: new AbortController().signal,
    now: () => 1,
    logger: pino({ level: 'silent' }),
    organisation: () => ministryAndSchool,
    homeserver: {
      async pendingInvitations(person) {
        asked.push(person);
        return joined.includes(room) ? [] : [invitation];
      },
      async joinAs(_person, roomId) {
        await joinAs();
        joined.push(roomId);
      },
    },
  };
  /** As after a restart: what is in memory is lost. */
  const restart = (): Promise<AcceptInvitations> => createSisterInvitations(options);
  return { asked, joined, restart, accept: await restart() };
}

test('who is declared into a room elsewhere is asked until they have arrived there, also over a restart', async () => {
  const { asked, joined, accept, restart } = await setUp(invitationOf());
  await accept(expected);
  expect(joined).toEqual([room]);
  expect(asked).toEqual([doro]);
  await accept(expected);
  await (
    await restart()
  )(expected);
  expect(asked).toEqual([doro]);
});

test('who has arrived is asked again after a hint, and at the start', async () => {
  const { asked, accept } = await setUp(invitationOf());
  await accept(expected);
  await accept({ isExpectedToo: false, people: new Set([doro]) });
  await accept('everybody');
  expect(asked).toEqual([doro, doro, doro]);
});

test('who could not be joined is answered, and stays expected', async () => {
  const { asked, accept } = await setUp(invitationOf(), () =>
    Promise.reject(new HomeserverError(502, 'M_UNKNOWN', 'no answer')),
  );
  expect(await accept(expected)).toEqual(new Set([doro]));
  await accept(expected);
  expect(asked).toEqual([doro, doro]);
});

test.each<[string, Invitation]>([
  ['a person', invitationOf({ inviter: '@anna.leit:land.hessen.test' })],
  ['the bot of another domain', invitationOf({ inviter: '@landbote:polizei.hessen.test' })],
  ['a bot, into a room of another domain', invitationOf({ domain: 'polizei' })],
])('an invitation by %s is not accepted for anybody', async (_who, invitation) => {
  const { joined, accept } = await setUp(invitation);
  expect(await accept('everybody')).toEqual(new Set());
  expect(joined).toEqual([]);
});
