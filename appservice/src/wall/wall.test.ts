import { expect, test } from 'vitest';
import { roomIdSchema, serverNameSchema, userIdSchema, type UserId } from '#contract/ids.ts';
import type { Invitation } from '#appservice/matrix/ports.ts';
import type { Refusal } from './refusal-ledger.ts';
import { createWall } from './wall.ts';

const bot = userIdSchema.parse('@landbote:land.hessen.test');
const sisterBot = userIdSchema.parse('@landbote:schule.hessen.test');
const jana = userIdSchema.parse('@jana.mueller:land.hessen.test');
const inventoryRoom = roomIdSchema.parse('!inventory');
const newRoom = roomIdSchema.parse('!new');

function wallWith(pending: readonly Invitation[] = [], memberOf: readonly string[] = []) {
  const refusals: Refusal[] = [];
  const askedFor: UserId[] = [];
  const wall = createWall({
    serverName: serverNameSchema.parse('land.hessen.test'),
    domain: () => ({
      id: 'land',
      servers: [serverNameSchema.parse('land.hessen.test'), serverNameSchema.parse('schule.hessen.test')],
    }),
    ledRooms: [inventoryRoom],
    homeserver: {
      isJoined: async (_userId, roomId) => memberOf.includes(roomId),
      pendingInvitations: async (userId) => {
        askedFor.push(userId);
        return pending;
      },
    },
    agreed: { mayInvite: async () => false, mayJoin: () => null },
    refusals: {
      record: async (refusal) => {
        refusals.push(refusal);
      },
    },
  });
  const join = (room: string) => wall.judge('user_may_join_room', { user: jana, room, is_invited: true });
  return { wall, join, refusals, askedFor };
}

const sisterInvitation = {
  event: {
    type: 'm.room.member',
    room_id: newRoom,
    sender: sisterBot,
    state_key: jana,
    content: { membership: 'invite' },
    unsigned: {
      invite_room_state: [
        {
          type: 'm.room.create',
          state_key: '',
          sender: sisterBot,
          content: { 'de.landbote.room': { domain: 'land', class: 'direkt', address: 'conversation/1', body: null } },
        },
      ],
    },
  },
};

test('a room of the inventory may be joined without asking the homeserver', async () => {
  const { join, askedFor } = wallWith();
  expect(await join(inventoryRoom)).toEqual({ isAllowed: true });
  expect(askedFor).toEqual([]);
});

test('a room into which the bot has just invited may be joined before the inventory knows it', async () => {
  const { wall, join, askedFor } = wallWith();
  await wall.judge('user_may_invite', { inviter: bot, invitee: jana, room_id: newRoom });
  expect(await join(newRoom)).toEqual({ isAllowed: true });
  expect(askedFor).toEqual([]);
});

test('a room into which the domain’s other server has invited may be joined', async () => {
  const { wall, join, askedFor } = wallWith();
  expect(await wall.judge('federated_user_may_invite', sisterInvitation)).toEqual({ isAllowed: true });
  expect(await join(newRoom)).toEqual({ isAllowed: true });
  expect(askedFor).toEqual([]);
});

test('after a restart the invitation itself tells who invited', async () => {
  const { join, askedFor } = wallWith([{ roomId: newRoom, inviter: sisterBot, strippedState: [] }]);
  expect(await join(newRoom)).toEqual({ isAllowed: true });
  expect(askedFor).toEqual([jana]);
});

test('an invitation that a server admin slipped past the wall does not let its room be joined', async () => {
  const admin = userIdSchema.parse('@admin-it:land.hessen.test');
  const { join, refusals } = wallWith([{ roomId: newRoom, inviter: admin, strippedState: [] }]);
  expect(await join(newRoom)).toEqual({ isAllowed: false, rule: 'join.unknown-room' });
  expect(refusals).toEqual([
    { callback: 'user_may_join_room', rule: 'join.unknown-room', attacker: jana, room: newRoom },
  ]);
});

test('who is in a room already may join again, as a new display name does; who is not, may not', async () => {
  const { wall } = wallWith([], [inventoryRoom]);
  const joinUninvited = (room: string) => wall.judge('user_may_join_room', { user: jana, room, is_invited: false });
  expect(await joinUninvited(inventoryRoom)).toEqual({ isAllowed: true });
  expect(await joinUninvited(newRoom)).toEqual({ isAllowed: false, rule: 'join.not-invited' });
});

test('a refused invitation does not make its room known', async () => {
  const { wall, join } = wallWith();
  const refused = await wall.judge('user_may_invite', { inviter: jana, invitee: jana, room_id: newRoom });
  expect(refused).toEqual({ isAllowed: false, rule: 'invite.bot-only' });
  expect(await join(newRoom)).toMatchObject({ isAllowed: false });
});

test('a refusal is recorded with attacker, room and rule', async () => {
  const { wall, refusals } = wallWith();
  await wall.judge('user_may_publish_room', { user_id: jana, room_id: inventoryRoom });
  await wall.judge('user_may_join_room', 'nonsense');
  expect(refusals).toEqual([
    { callback: 'user_may_publish_room', rule: 'publish.nobody', attacker: jana, room: inventoryRoom },
    { callback: 'user_may_join_room', rule: 'request.malformed', attacker: null, room: null },
  ]);
});
