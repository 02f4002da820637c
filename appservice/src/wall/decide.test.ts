import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { serverNameSchema } from '#contract/ids.ts';
import { decide, originOf, type Decision } from './decide.ts';
import { isWallCallback, parseWallRequest, type WallCallback } from './wall-request.ts';
import type { WallSnapshot } from './wall-snapshot.ts';

const bot = '@landbote:land.hessen.test';
const sisterBot = '@landbote:schule.hessen.test';
const jana = '@jana.mueller:land.hessen.test';
const teacher = '@tom.lehrer:schule.hessen.test';
const officer = '@pia.streife:polizei.hessen.test';
const ledRoom = '!led';
const sisterRoom = '!sister';

const snapshot: WallSnapshot = {
  serverName: serverNameSchema.parse('land.hessen.test'),
  domain: 'land',
  domainServers: new Set(['land.hessen.test', 'schule.hessen.test']),
  isLedRoom: (room) => room === ledRoom,
  isKnownRoom: (room) => room === ledRoom || room === sisterRoom,
  isMember: false,
  isAgreedInvitation: false,
  isAgreedJoin: null,
};

/** `allowed`, or the rule that refused. */
function answer(callback: WallCallback, payload: unknown, asked: Partial<WallSnapshot> = {}): string {
  const request = parseWallRequest(callback, payload);
  if (request === null) return 'malformed';
  const decision: Decision = decide(request, { ...snapshot, ...asked });
  return decision.isAllowed ? 'allowed' : decision.rule;
}

const origin = { domain: 'land', class: 'direkt', address: 'conversation/1', body: null };
const create = { type: 'm.room.create', state_key: '', sender: sisterBot, content: { 'de.landbote.room': origin } };

function invitation(changes: object = {}): object {
  return {
    event: {
      type: 'm.room.member',
      room_id: '!new',
      sender: sisterBot,
      state_key: jana,
      content: { membership: 'invite' },
      origin_server_ts: 1,
      unsigned: { invite_room_state: [create] },
      ...changes,
    },
  };
}

function withState(...state: object[]): object {
  return invitation({ unsigned: { invite_room_state: state } });
}

describe('user_may_create_room', () => {
  test.each([
    ['the bot', bot, 'allowed'],
    ['a person', jana, 'create-room.bot-only'],
    ['an admin account', '@admin-it:land.hessen.test', 'create-room.bot-only'],
    ['another server’s bot', sisterBot, 'create-room.bot-only'],
    ['a foreign server’s bot', '@landbote:polizei.hessen.test', 'create-room.bot-only'],
  ])('by %s', (_who, user, expected) => {
    expect(answer('user_may_create_room', { user_id: user })).toBe(expected);
  });
});

describe('user_may_invite', () => {
  test.each([
    ['the bot invites a person', bot, jana, 'allowed'],
    ['the bot invites a person of the domain’s other server', bot, teacher, 'allowed'],
    ['the bot invites somebody of another domain', bot, officer, 'invite.outside-domain'],
    ['a person invites a colleague', jana, '@uwe.adler:land.hessen.test', 'invite.bot-only'],
    ['a person invites somebody of another domain', jana, officer, 'invite.bot-only'],
    ['the other server’s bot invites our person', sisterBot, jana, 'allowed'],
    ['the other server’s bot invites our bot', sisterBot, bot, 'invite.own-people-only'],
    ['the other server’s bot invites its own person', sisterBot, teacher, 'invite.own-people-only'],
    ['a person of the other server invites', teacher, jana, 'invite.bot-only'],
    ['a foreign bot invites', '@landbote:polizei.hessen.test', jana, 'invite.bot-only'],
    ['a look-alike of the bot invites', '@landbote-2:land.hessen.test', jana, 'invite.bot-only'],
  ])('%s', (_what, inviter, invitee, expected) => {
    expect(answer('user_may_invite', { inviter, invitee, room_id: ledRoom })).toBe(expected);
  });
});

describe('federated_user_may_invite', () => {
  test.each([
    ['the domain’s other bot, our person, a room of the domain', invitation(), 'allowed'],
    [
      'further stripped state beside the create event',
      withState({ ...create, type: 'm.room.name', content: {} }, create),
      'allowed',
    ],
    ['a person of the other server', invitation({ sender: teacher }), 'invite.sister-bot-only'],
    ['a foreign bot', invitation({ sender: '@landbote:polizei.hessen.test' }), 'invite.sister-bot-only'],
    ['our own bot, which never comes from outside', invitation({ sender: bot }), 'invite.sister-bot-only'],
    ['our bot as the invited', invitation({ state_key: bot }), 'invite.own-people-only'],
    ['a person who is not ours', invitation({ state_key: officer }), 'invite.own-people-only'],
    ['a room that we lead', invitation({ room_id: ledRoom }), 'invite.room-is-ours'],
    ['no create event', withState(), 'invite.origin-missing'],
    ['two create events', withState(create, create), 'invite.origin-missing'],
    ['a create event with a state key', withState({ ...create, state_key: 'x' }), 'invite.origin-missing'],
    ['a create event without origin', withState({ ...create, content: {} }), 'invite.origin-missing'],
    [
      'an origin of the wrong shape',
      withState({ ...create, content: { 'de.landbote.room': 'land' } }),
      'invite.origin-missing',
    ],
    [
      'an origin of another domain',
      withState({ ...create, content: { 'de.landbote.room': { ...origin, domain: 'polizei' } } }),
      'invite.origin-outside-domain',
    ],
    ['a room that somebody else created', withState({ ...create, sender: officer }), 'invite.origin-outside-domain'],
    ['no stripped state', invitation({ unsigned: {} }), 'malformed'],
    ['no unsigned part', invitation({ unsigned: undefined }), 'malformed'],
    ['another membership', invitation({ content: { membership: 'join' } }), 'malformed'],
    ['another event type', invitation({ type: 'm.room.message' }), 'malformed'],
    ['an invited user that is no user id', invitation({ state_key: { toString: () => jana } }), 'malformed'],
  ])('%s', (_what, payload, expected) => {
    expect(answer('federated_user_may_invite', payload)).toBe(expected);
  });
});

describe('user_may_join_room', () => {
  test.each([
    ['our person, invited, into a room we made', jana, ledRoom, true, 'allowed'],
    ['our person, invited, into a room of the other server', jana, sisterRoom, true, 'allowed'],
    ['our person, invited, into an unknown room', jana, '!unknown', true, 'join.unknown-room'],
    ['our person, not invited', jana, ledRoom, false, 'join.not-invited'],
    ['the bot', bot, ledRoom, true, 'join.own-people-only'],
    ['somebody of another domain', officer, ledRoom, true, 'join.own-people-only'],
    ['somebody of the domain’s other server', teacher, ledRoom, true, 'join.own-people-only'],
  ])('%s', (_what, user, room, isInvited, expected) => {
    expect(answer('user_may_join_room', { user, room, is_invited: isInvited })).toBe(expected);
  });
});

describe('user_may_join_room of somebody who is in the room already', () => {
  test.each([
    ['our person', jana, 'allowed'],
    ['the bot', bot, 'join.own-people-only'],
    ['somebody of another domain', officer, 'join.own-people-only'],
  ])('%s', (_what, user, expected) => {
    expect(answer('user_may_join_room', { user, room: ledRoom, is_invited: false }, { isMember: true })).toBe(expected);
  });
});

describe('an agreement with another trust domain', () => {
  const partnersBot = '@landbote:polizei.hessen.test';

  test.each<[string, WallCallback, object]>([
    ['our bot’s invitation of an officer', 'user_may_invite', { inviter: bot, invitee: officer, room_id: ledRoom }],
    ['the partner’s bot’s invitation', 'user_may_invite', { inviter: partnersBot, invitee: jana, room_id: '!joint' }],
    ['the same as it comes in', 'federated_user_may_invite', invitation({ sender: partnersBot })],
  ])('lets %s through, and without it nothing does', (_what, callback, payload) => {
    expect(answer(callback, payload, { isAgreedInvitation: true })).toBe('allowed');
    expect(answer(callback, payload)).not.toBe('allowed');
  });

  test.each([true, false])('alone decides about joins of its room, invited or not (%s)', (isInvited) => {
    const payload = { user: jana, room: ledRoom, is_invited: isInvited };
    expect(answer('user_may_join_room', payload, { isAgreedJoin: true })).toBe('allowed');
    expect(answer('user_may_join_room', payload, { isAgreedJoin: false, isMember: true })).toBe('join.not-agreed');
  });

  test('opens nothing else', () => {
    const everything = { isAgreedInvitation: true, isAgreedJoin: true, isMember: true };
    expect(answer('user_may_create_room', { user_id: jana }, everything)).toBe('create-room.bot-only');
    expect(answer('user_may_publish_room', { user_id: bot, room_id: ledRoom }, everything)).toBe('publish.nobody');
  });
});

describe('where an invitation says that its room comes from', () => {
  const originIn = (payload: object) => {
    const request = parseWallRequest('federated_user_may_invite', payload);
    if (request?.callback !== 'federated_user_may_invite') throw new Error('malformed');
    return originOf(request.event);
  };

  test('counts if whoever invites made the room', () => {
    expect(originIn(invitation())).toEqual(origin);
  });

  test.each([
    ['somebody else made it', withState({ ...create, sender: officer })],
    ['no create event came with it', withState()],
    ['it says nothing', withState({ ...create, content: {} })],
    ['it says something else', withState({ ...create, content: { 'de.landbote.room': 'land' } })],
  ])('counts for nothing if %s', (_what, payload) => {
    expect(originIn(payload)).toBeNull();
  });
});

describe('what nobody may, not even the bot', () => {
  test.each([bot, jana, officer])('%s', (user) => {
    expect(answer('user_may_publish_room', { user_id: user, room_id: ledRoom })).toBe('publish.nobody');
    expect(answer('user_may_create_room_alias', { user_id: user, room_alias: '#x:land.hessen.test' })).toBe(
      'alias.nobody',
    );
    expect(
      answer('user_may_send_3pid_invite', { inviter: user, medium: 'email', address: 'a@b', room_id: ledRoom }),
    ).toBe('third-party-invite.nobody');
  });
});

describe('hostile payloads', () => {
  const hostileUsers = [
    null,
    5,
    [bot],
    { user: bot },
    '',
    'landbote:land.hessen.test',
    '@landbote:LAND.hessen.test',
    '@Landbote:land.hessen.test',
    '@landbote:land.hessen.test ',
    '@landbote:land.hessen.test:8448',
    '@landbote:land.hessen.test\u0000',
    '@landbote:land.hessen.test@polizei.hessen.test',
    '@landbote:polizei.hessen.test:land.hessen.test',
    '@lаndbote:land.hessen.test',
    `@${'a'.repeat(300)}:land.hessen.test`,
  ];

  test.each(hostileUsers)('%j never counts as the bot', (user) => {
    expect(answer('user_may_create_room', { user_id: user })).not.toBe('allowed');
    expect(answer('user_may_invite', { inviter: user, invitee: jana, room_id: ledRoom })).not.toBe('allowed');
  });

  test.each([null, undefined, 'text', 5, [], {}, { __proto__: { user_id: bot } }])('%j is malformed', (payload) => {
    expect(answer('user_may_create_room', payload)).toBe('malformed');
  });

  test('a callback named in the payload does not replace the one asked', () => {
    expect(answer('user_may_publish_room', { callback: 'user_may_create_room', user_id: bot, room_id: ledRoom })).toBe(
      'publish.nobody',
    );
  });

  test.each([
    'user_may_create_room',
    'user_may_invite',
    'federated_user_may_invite',
    'user_may_join_room',
    'user_may_publish_room',
    'user_may_create_room_alias',
    'user_may_send_3pid_invite',
  ])('%s is one', (name) => {
    expect(isWallCallback(name)).toBe(true);
  });

  test.each(['toString', '__proto__', 'check_event_for_spam', 'accept_make_join', ''])('%j is no callback', (name) => {
    expect(isWallCallback(name)).toBe(false);
  });
});

describe('no request that names a user of a foreign domain is ever allowed', () => {
  const localpart = fc.constantFrom('landbote', 'jana.mueller', 'admin-it', 'a');
  const ownServer = fc.constantFrom('land.hessen.test', 'schule.hessen.test');
  const foreignServer = fc.oneof(
    fc.constantFrom(
      'polizei.hessen.test',
      'fremd.test',
      'land.hessen.test.evil.test',
      'xland.hessen.test',
      'hessen.test',
      'land.hessen.test.',
    ),
    fc.domain(),
  );
  const ownUser = fc.tuple(localpart, ownServer).map(([local, server]) => `@${local}:${server}`);
  const foreignUser = fc.tuple(localpart, foreignServer).map(([local, server]) => `@${local}:${server}`);
  const room = fc.constantFrom(ledRoom, sisterRoom, '!new');
  const flag = fc.boolean();

  test.each<[WallCallback, fc.Arbitrary<object>]>([
    ['user_may_create_room', fc.record({ user_id: foreignUser })],
    ['user_may_invite', fc.record({ inviter: foreignUser, invitee: fc.oneof(ownUser, foreignUser), room_id: room })],
    ['user_may_invite', fc.record({ inviter: ownUser, invitee: foreignUser, room_id: room })],
    ['user_may_join_room', fc.record({ user: foreignUser, room, is_invited: flag })],
    ['user_may_publish_room', fc.record({ user_id: foreignUser, room_id: room })],
    [
      'federated_user_may_invite',
      fc.record({ sender: foreignUser, state_key: ownUser, room_id: room }).map(invitation),
    ],
    [
      'federated_user_may_invite',
      fc.record({ sender: ownUser, state_key: foreignUser, room_id: room }).map(invitation),
    ],
    ['federated_user_may_invite', foreignUser.map((sender) => withState({ ...create, sender }))],
  ])('%s', (callback, payloads) => {
    fc.assert(fc.property(payloads, (payload) => answer(callback, payload) !== 'allowed'));
  });
});
