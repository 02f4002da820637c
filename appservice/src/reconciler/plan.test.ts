import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { serverNameOf, userIdSchema, type UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import type { Change } from './change.ts';
import { computeDesiredState, type DesiredState } from './desired-state.ts';
import { contentOf, membershipsOf, type ObservedState } from './observed-state.ts';
import { computePlan, type Plan } from './plan.ts';
import { afterChanges, membership, nothing, withState } from './model-homeserver.ts';
import {
  anyOrganisation,
  land,
  ministryAndSchool,
  organisationOf,
  schule,
} from '../organisation/test-organisations.ts';
import { withConversations } from './with-conversations.ts';

const bot = userIdSchema.parse('@landbote:land.hessen.test');
const anna = userIdSchema.parse('@anna.leit:land.hessen.test');
const bert = userIdSchema.parse('@bert.ref:land.hessen.test');
const cem = userIdSchema.parse('@cem.haus:land.hessen.test');
const doro = userIdSchema.parse('@doro.schul:schule.hessen.test');
const officer = userIdSchema.parse('@streife:polizei.hessen.test');

function desiredOf(organisation: Organisation): DesiredState {
  return computeDesiredState(organisation, land);
}

/** The world after everything was carried out and people of other homeservers have accepted. */
function settled(organisation: Organisation, observed: ObservedState = nothing): ObservedState {
  const { changes } = computePlan(desiredOf(organisation), observed, bot);
  return withGuestsJoined(afterChanges(observed, changes, bot));
}

function withGuestsJoined(observed: ObservedState): ObservedState {
  let state = observed;
  for (const room of observed.rooms.values()) {
    for (const [member, value] of membershipsOf(room)) {
      const userId = userIdSchema.parse(member);
      const isGuest = value === 'invite' && serverNameOf(userId) !== land;
      if (isGuest) state = withState(state, room.address, membership(userId, 'join'), userId);
    }
  }
  return state;
}

/** The school is in none of the ministry's rooms. */
function withoutSchool(): Organisation {
  const bodies = structuredClone(ministryAndSchool.bodies);
  bodies[0]?.rooms[0]?.members.pop();
  return { ...ministryAndSchool, bodies };
}

function kindsOf({ changes }: Plan): string[] {
  return changes.map(({ kind, address }) => `${kind} ${address}`);
}

function planAfter(observed: ObservedState, organisation = ministryAndSchool): Plan {
  return computePlan(desiredOf(organisation), observed, bot);
}

test('a second plan has nothing to do, whatever the organisation', () => {
  fc.assert(
    fc.property(anyOrganisation, (organisation) => {
      expect(planAfter(settled(organisation), organisation).changes).toEqual([]);
    }),
  );
});

test('from any organisation to any other, one plan is enough, and the bot stays', () => {
  fc.assert(
    fc.property(anyOrganisation, anyOrganisation, (before, after) => {
      const world = settled(after, settled(before));
      expect(planAfter(world, after).changes).toEqual([]);
      for (const room of world.rooms.values()) expect(membershipsOf(room).get(bot)).toBe('join');
    }),
  );
});

test('every room allows its own homeserver and nothing outside the trust domain', () => {
  fc.assert(
    fc.property(anyOrganisation, (organisation) => {
      for (const { servers } of desiredOf(organisation).rooms) {
        expect(servers).toContain(land);
        expect([land, schule]).toEqual(expect.arrayContaining([...servers]));
      }
      expect(planAfter(nothing, organisation).refusals).toEqual([]);
    }),
  );
});

test('the same input gives the same digest, whatever the order of what was observed', () => {
  const observed = settled(organisationOf([]));
  const reversed = { ...observed, rooms: new Map([...observed.rooms].toReversed()) };
  expect(planAfter(reversed).digest).toBe(planAfter(observed).digest);
});

test('spaces come before what they show, and accounts before invitations', () => {
  const kinds = kindsOf(planAfter(nothing));
  const positions = [
    'RegisterAccount @anna.leit:land.hessen.test',
    'CreateRoom space/hkm',
    'CreateRoom space/hkm/abteilung',
    'CreateRoom room/hkm/referat',
    'LinkSpaceChild space/hkm/abteilung',
  ].map((kind) => kinds.indexOf(kind));
  expect(positions).not.toContain(-1);
  expect(positions.toSorted((one, other) => one - other)).toEqual(positions);
});

const drifts: [string, string, string, Record<string, unknown>, string][] = [
  ['somebody let every server in', 'room/hkm', 'm.room.server_acl', { allow: ['*'] }, 'SetServerAcl'],
  ['the ACL was redacted away', 'room/hkm', 'm.room.server_acl', {}, 'SetServerAcl'],
  ['anybody may invite', 'room/hkm', 'm.room.power_levels', { invite: 0 }, 'SetPowerLevels'],
  ['the room was opened', 'room/hkm', 'm.room.join_rules', { join_rule: 'public' }, 'SetJoinRules'],
  [
    'history was laid open',
    'room/hkm',
    'm.room.history_visibility',
    { history_visibility: 'shared' },
    'SetHistoryVisibility',
  ],
  ['guests were let in', 'room/hkm', 'm.room.guest_access', { guest_access: 'can_join' }, 'SetGuestAccess'],
  ['messages are kept for ever', 'room/hkm', 'm.room.retention', {}, 'SetRetention'],
  ['the room was renamed', 'room/hkm', 'm.room.name', { name: 'Kantine' }, 'SetName'],
  ['encryption was weakened', 'room/hkm', 'm.room.encryption', { algorithm: 'none' }, 'SetEncryption'],
];

test.each(drifts)('%s: exactly that is repaired', (_mishap, address, type, content, kind) => {
  const drifted = withState(settled(ministryAndSchool), address, { type, state_key: '', content }, officer);
  const plan = planAfter(drifted);
  expect(kindsOf(plan)).toEqual([`${kind} ${address}`]);
  expect(planAfter(afterChanges(drifted, plan.changes, bot)).changes).toEqual([]);
});

test('a foreign room that was put into a space goes out of it again', () => {
  const link = { type: 'm.space.child', state_key: '!fremd', content: { via: ['polizei.hessen.test'] } };
  const plan = planAfter(withState(settled(ministryAndSchool), 'space/hkm', link, officer));
  expect(kindsOf(plan)).toEqual(['UnlinkSpaceChild space/hkm']);
});

test('somebody who got into a room without belonging there is removed; the bot never is', () => {
  const plan = planAfter(withState(settled(ministryAndSchool), 'room/hkm', membership(officer, 'join'), officer));
  expect(plan.changes).toMatchObject([{ kind: 'Kick', address: 'room/hkm', userId: officer }]);
});

test('forgot the school: its people leave before the ACL shuts them in', () => {
  const plan = planAfter(settled(ministryAndSchool), withoutSchool());
  expect(kindsOf(plan)).toEqual([
    'Kick room/hkm/+schulen',
    'SetServerAcl room/hkm/+schulen',
    'SetRoster room/hkm/+schulen',
  ]);
});

test('a school is let in again: the ACL allows it before anybody is invited', () => {
  const plan = planAfter(settled(withoutSchool(), settled(ministryAndSchool)));
  expect(kindsOf(plan)).toEqual([
    'SetServerAcl room/hkm/+schulen',
    'SetRoster room/hkm/+schulen',
    'Invite room/hkm/+schulen',
  ]);
  expect(plan.changes[0]).toMatchObject({ risk: 'high' });
  expect(plan.refusals).toEqual([]);
});

test('a school is let into a room that was made without it: refused, because no such room can ever federate', () => {
  const { refusals } = planAfter(settled(withoutSchool()));
  expect(refusals).toMatchObject([{ gate: 'unfederated-room' }]);
  expect(refusals[0]?.message).toContain(schule);
});

test('who may announce changes with the declaration: the power levels follow, and nobody keeps the right', () => {
  const bodies = structuredClone(ministryAndSchool.bodies);
  if (bodies[0] !== undefined) bodies[0].announcers = [{ unit: 'hkm/referat' }];
  const edited = { ...ministryAndSchool, bodies };
  const before = settled(ministryAndSchool);
  expect(kindsOf(planAfter(before, edited))).toEqual(['SetPowerLevels room/hkm']);
  const room = settled(edited, before).rooms.get('room/hkm');
  if (room === undefined) throw new Error('There is no announcement room.');
  expect(contentOf(room, 'm.room.power_levels')).toMatchObject({ users: { [bert]: 50 }, events_default: 50 });
  expect(Object.keys(Object(contentOf(room, 'm.room.power_levels')?.['users']))).toEqual([bert]);
});

test('a room that is no longer declared keeps its people, its name and its place', () => {
  const bodies = structuredClone(ministryAndSchool.bodies);
  bodies[0]?.rooms.pop();
  expect(planAfter(settled(ministryAndSchool), { ...ministryAndSchool, bodies }).changes).toEqual([]);
});

test('somebody who is not declared any more leaves every room, also those that are no longer declared', () => {
  const bodies = structuredClone(ministryAndSchool.bodies);
  bodies[0]?.rooms.pop();
  bodies[0]?.people.pop();
  const { changes } = planAfter(settled(ministryAndSchool), { ...ministryAndSchool, bodies });
  const removals = changes.filter((change) => change.kind === 'Kick');
  expect(removals.map(({ address }) => address)).toEqual(['room/hkm', 'room/hkm/+schulen', 'space/hkm']);
  expect(removals.every(({ userId }) => userId === cem)).toBe(true);
});

test('a moved person is in the new unit and not in the old one', () => {
  const bodies = structuredClone(ministryAndSchool.bodies);
  const moved = bodies[0]?.people.find(({ id }) => id === 'anna.leit');
  if (moved !== undefined) moved.unit = 'referat';
  const plan = planAfter(settled(ministryAndSchool), { ...ministryAndSchool, bodies });
  const people = plan.changes.filter((change): change is Extract<Change, { userId: UserId }> => 'userId' in change);
  expect(people.map(({ kind, address, userId }) => [kind, address, userId])).toEqual([
    ['Invite', 'room/hkm/+schulen', anna],
    ['Join', 'room/hkm/+schulen', anna],
    ['Invite', 'room/hkm/referat', anna],
    ['Join', 'room/hkm/referat', anna],
  ]);
});

test('who left a declared room is brought back; who left a chat stays away', () => {
  const conversation = {
    address: 'conversation/1',
    class: 'gruppe',
    name: 'Kantine',
    members: [anna, bert, doro],
  } as const;
  const desired = withConversations(desiredOf(ministryAndSchool), [conversation], ministryAndSchool);
  const world = withGuestsJoined(afterChanges(nothing, computePlan(desired, nothing, bot).changes, bot));
  const left = ['conversation/1', 'room/hkm'].reduce(
    (state, address) => withState(state, address, membership(bert, 'leave'), bert),
    world,
  );
  expect(kindsOf(computePlan(desired, left, bot))).toEqual(['Invite room/hkm', 'Join room/hkm']);
});

test('a chat over two homeservers federates, and its ACL lists exactly these', () => {
  const conversation = { address: 'conversation/1', class: 'direkt', name: null, members: [anna, doro] } as const;
  const desired = withConversations(desiredOf(ministryAndSchool), [conversation], ministryAndSchool);
  const world = afterChanges(nothing, computePlan(desired, nothing, bot).changes, bot);
  const room = world.rooms.get('conversation/1');
  if (room === undefined) throw new Error('The conversation has no room.');
  expect(contentOf(room, 'm.room.create')).toMatchObject({ 'm.federate': true });
  expect(contentOf(room, 'm.room.server_acl')).toEqual({ allow: [land, schule], deny: [], allow_ip_literals: false });
});

test('a unit and a room that are called otherwise keep their rooms: only the names change', () => {
  const bodies = structuredClone(ministryAndSchool.bodies);
  const [ministry] = bodies;
  const [unit] = ministry?.units ?? [];
  const [room] = ministry?.rooms ?? [];
  const [person] = ministry?.people ?? [];
  if (person !== undefined) person.unit = 'abteilung-z';
  const renamed = organisationOf([
    {
      ...ministry,
      units: [{ ...unit, id: 'abteilung-z', previously: 'abteilung', name: 'Abteilung Z' }],
      rooms: [{ ...room, id: 'schulamt', previously: 'schulen', name: 'Schulamt' }],
    },
    ...bodies.slice(1),
  ]);
  expect(kindsOf(planAfter(settled(ministryAndSchool), renamed))).toEqual([
    'SetName room/hkm/+schulen',
    'SetName room/hkm/abteilung',
    'SetName space/hkm/abteilung',
  ]);
});

test('a body that is called otherwise keeps all its rooms and its place in the tree', () => {
  const [ministry, school] = structuredClone(ministryAndSchool.bodies);
  const members = [{ unit: 'mkb/referat' }, { person: 'cem.haus' }, { body: 'schule-eins' }];
  const [room] = ministry?.rooms ?? [];
  const renamed = organisationOf([
    { ...ministry, id: 'mkb', previously: 'hkm', rooms: [{ ...room, members }] },
    school,
  ]);
  expect(kindsOf(planAfter(settled(ministryAndSchool), renamed))).toEqual([]);
});

test('what is called otherwise a second time keeps its room, because it goes on to name the first id', () => {
  const calledRoom = (room: object): Organisation => {
    const [ministry, ...others] = structuredClone(ministryAndSchool.bodies);
    return organisationOf([{ ...ministry, rooms: [{ ...ministry?.rooms[0], ...room }] }, ...others]);
  };
  const once = settled(calledRoom({ id: 'schulamt', previously: 'schulen' }), settled(ministryAndSchool));
  const twice = calledRoom({ id: 'bildungsamt', previously: 'schulen', name: 'Bildungsamt' });
  expect(kindsOf(planAfter(once, twice))).toEqual(['SetName room/hkm/+schulen']);
});
