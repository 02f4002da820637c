/** Which of the pushed events lead to a look, and how soon. */
import { expect, test } from 'vitest';
import { userIdSchema } from '#contract/ids.ts';
import { rosterEventType } from '#contract/roster.ts';
import { hintsOf } from './hints.ts';

const bot = userIdSchema.parse('@landbote:land.hessen.test');
const anna = '@anna.leit:land.hessen.test';
const room = '!raum';

const stateOf = (type: string, sender: string = bot, stateKey = '') => ({
  type,
  room_id: room,
  sender,
  state_key: stateKey,
});

test.each([
  'm.room.server_acl',
  'm.room.power_levels',
  'm.room.encryption',
  'm.room.history_visibility',
  'm.room.join_rules',
  'm.room.guest_access',
  'm.room.member',
  rosterEventType,
])('%s may weaken protection: its room is looked at first', (type) => {
  expect(hintsOf(stateOf(type), bot)).toEqual([{ roomId: room, isUrgent: true, isEcho: true }]);
  expect(hintsOf(stateOf(type, '@admin-wurzel:land.hessen.test'), bot)).toMatchObject([
    { isUrgent: true, isEcho: false },
  ]);
});

test('a name weakens nothing, and its room is looked at all the same', () => {
  expect(hintsOf(stateOf('m.room.name'), bot)).toMatchObject([{ roomId: room, isUrgent: false }]);
});

test('who comes or goes by themselves is no surprise; who is brought is', () => {
  expect(hintsOf(stateOf('m.room.member', anna, anna), bot)).toMatchObject([{ isEcho: true }]);
  expect(hintsOf(stateOf('m.room.member', anna, '@bert.ref:land.hessen.test'), bot)).toMatchObject([{ isEcho: false }]);
});

test('messages and redactions lead to no look: they change no state, which the rules inside the homeserver see to', () => {
  for (const type of ['m.room.encrypted', 'm.room.redaction']) {
    expect(hintsOf({ type, room_id: room, sender: bot }, bot)).toEqual([]);
  }
});
