import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Draft, DraftFindingKind } from '#contract/draft.ts';
import { botOf, userIdSchema } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import type { Survey, SurveyedRoom } from '../matrix/survey.ts';
import { anyOrganisation, land, ministryAndSchool, organisationOf } from '../organisation/test-organisations.ts';
import { parseOrganisation } from '../organisation/parse-organisation.ts';
import { computeDesiredState } from '../reconciler/desired-state.ts';
import { afterChanges, nothing } from '../reconciler/model-homeserver.ts';
import { membershipsOf, type ObservedState } from '../reconciler/observed-state.ts';
import { computePlan } from '../reconciler/plan.ts';
import { draftOrganisation } from './draft-organisation.ts';

const bot = botOf(land);
const seed = organisationOf([]);

function desiredOf(organisation: Organisation) {
  return computeDesiredState(organisation, land);
}

/** A homeserver on which the organisation was carried out, as it is seen and as its module tells of it. */
function carriedOut(organisation: Organisation): { observed: ObservedState; survey: Survey } {
  const { changes } = computePlan(desiredOf(organisation), nothing, bot);
  const observed = afterChanges(nothing, changes, bot);
  const names = new Map(desiredOf(organisation).accounts.map(({ userId, displayName }) => [userId, displayName]));
  const accounts = [bot, ...observed.accounts].map((userId) => ({ userId, displayName: names.get(userId) ?? null }));
  const rooms = [...observed.rooms.values()].map((room) => ({
    roomId: room.roomId,
    members: [...membershipsOf(room)].flatMap(([user, value]) => (value === 'leave' ? [] : [user])),
    state: room.state.filter(({ type }) => type !== 'm.room.member'),
  }));
  return { observed, survey: { accounts, rooms } };
}

function draftOf(survey: Survey, inForce: Organisation): Draft {
  return draftOrganisation(survey, { inForce, serverName: land, removals: new Map() });
}

/** As loaded from files. */
function inOrder(organisation: Organisation): Organisation {
  return { ...organisation, bodies: organisation.bodies.toSorted((one, other) => (one.id < other.id ? -1 : 1)) };
}

describe('of a homeserver on which an organisation was carried out', () => {
  test('the draft says the same again, and its plan has nothing to do, whatever the organisation', () => {
    fc.assert(
      fc.property(anyOrganisation, (organisation) => {
        const { observed, survey } = carriedOut(organisation);
        const draft = draftOf(survey, organisation);
        expect(parseOrganisation(draft.organisation)).toEqual({ ok: true, organisation: draft.organisation });
        expect(computePlan(desiredOf(draft.organisation), observed, bot).changes).toEqual([]);
        expect(draft).toEqual({ organisation: inOrder(organisation), findings: [] });
      }),
    );
  });

  test('the same holds where only the other homeserver is declared any more; what was chosen is told', () => {
    const { observed, survey } = carriedOut(ministryAndSchool);
    const elsewhere = organisationOf(ministryAndSchool.bodies.filter(({ server }) => server !== land));
    const draft = draftOf(survey, elsewhere);
    expect(parseOrganisation(draft.organisation).ok).toBe(true);
    expect(computePlan(desiredOf(draft.organisation), observed, bot).changes).toEqual([]);
    expect(draft.findings).toEqual([{ kind: 'full-name-unknown', subject: 'hkm', chosen: 'HKM' }]);
  });

  test('who was put out by a moderator belongs there all the same', () => {
    const { survey } = carriedOut(ministryAndSchool);
    const bert = userIdSchema.parse('@bert.ref:land.hessen.test');
    const rooms = survey.rooms.map((room) =>
      room.roomId === '!room-hkm-referat'
        ? { ...room, members: room.members.filter((member) => member !== bert) }
        : room,
    );
    const removals = new Map([['room/hkm/referat', new Set([bert])]]);
    const origin = { inForce: ministryAndSchool, serverName: land };
    const withRemoval = draftOrganisation({ ...survey, rooms }, { ...origin, removals });
    expect(withRemoval).toEqual({ organisation: ministryAndSchool, findings: [] });
    const without = draftOrganisation({ ...survey, rooms }, { ...origin, removals: new Map() });
    expect(without.organisation).not.toEqual(ministryAndSchool);
  });

  test('a renamed unit keeps its id of now and the one of its rooms', () => {
    const { survey } = carriedOut(ministryAndSchool);
    const renamed = withUnit(ministryAndSchool, {
      id: 'sachgebiet',
      previously: 'referat',
      name: 'Referat',
      units: [],
    });
    expect(draftOf(survey, renamed).organisation.bodies[0]?.units).toEqual(renamed.bodies[0]?.units);
  });
});

function withUnit(organisation: Organisation, inner: object): Organisation {
  const [ministry, ...others] = organisation.bodies;
  const units = [{ id: 'abteilung', name: 'Abteilung', units: [inner] }];
  const people = ministry?.people.map((person) =>
    person.unit === 'referat' ? { ...person, unit: 'sachgebiet' } : person,
  );
  const rooms = ministry?.rooms.map((room) => ({
    ...room,
    unit: 'sachgebiet',
    members: [{ unit: 'hkm/sachgebiet' }, ...room.members.slice(1)],
  }));
  return organisationOf([{ ...ministry, units, people, rooms }, ...others]);
}

interface HandMade {
  readonly id: string;
  readonly name?: string;
  readonly isSpace?: boolean;
  readonly members?: readonly string[];
  readonly children?: readonly string[];
  readonly creator?: string;
}

/** A whole user id stays one. */
const at = (person: string): string => (person.startsWith('@') ? person : `@${person}:${land}`);

function roomOf({
  id,
  name,
  isSpace = false,
  members = ['mia'],
  children = [],
  creator = 'mia',
}: HandMade): SurveyedRoom {
  const event = (type: string, key: string, content: Record<string, unknown>) => {
    return { type, state_key: key, sender: at(creator), content };
  };
  return {
    roomId: id,
    members: members.map(at),
    state: [
      event('m.room.create', '', isSpace ? { type: 'm.space' } : {}),
      ...(name === undefined ? [] : [event('m.room.name', '', { name })]),
      ...children.map((child) => event('m.space.child', child, { via: [land] })),
    ],
  };
}

const names: Readonly<Record<string, string>> = { mia: 'Mia Weber', ole: 'Ole Haas' };

function draftOfHandMade(rooms: readonly HandMade[], people: readonly string[] = ['mia', 'ole']): Draft {
  const accounts = people.map((id) => ({ userId: at(id), displayName: names[id] ?? null }));
  return draftOf({ accounts, rooms: rooms.map(roomOf) }, seed);
}

const ministry: HandMade = {
  id: '!m',
  name: 'Umwelt – Wälder',
  isSpace: true,
  members: ['mia', 'ole'],
  children: ['!r', '!a'],
};
const unit: HandMade = { id: '!r', name: 'Referat Wasser', isSpace: true, children: ['!w'] };
const files: HandMade = { id: '!a', name: 'Ablage', members: ['mia', 'ole'] };
const water: HandMade = { id: '!w', name: 'Hochwasser 2027' };

describe('of spaces and rooms that people made', () => {
  test('a space is a body, one below it a unit, and a room in it a room; everything chosen is told', () => {
    const draft = draftOfHandMade([ministry, unit, files, water]);
    expect(draft.organisation.bodies).toMatchObject([
      {
        id: 'umwelt-waelder',
        short: 'Umwelt',
        label: 'Wälder',
        name: 'Umwelt – Wälder',
        server: land,
        units: [{ id: 'referat-wasser', name: 'Referat Wasser', units: [] }],
        people: [
          { id: 'mia', name: 'Mia Weber', unit: 'referat-wasser', roles: [] },
          { id: 'ole', name: 'Ole Haas', roles: [] },
        ],
        announcers: [{ person: 'mia' }],
        rooms: [
          { id: 'ablage', class: 'gemeinsam', name: 'Ablage', members: [{ body: 'umwelt-waelder' }] },
          { id: 'hochwasser-2027', unit: 'referat-wasser', members: [{ person: 'mia' }] },
        ],
      },
    ]);
    expect(parseOrganisation(draft.organisation).ok).toBe(true);
    expect(draft.findings).toEqual([
      { kind: 'full-name-unknown', subject: 'umwelt-waelder', chosen: 'Umwelt – Wälder' },
      { kind: 'announcers-assumed', subject: 'umwelt-waelder', chosen: '[{"person":"mia"}]' },
      { kind: 'rule-assumed', subject: 'Ablage (!a)', chosen: '{"body":"umwelt-waelder"}' },
      { kind: 'class-assumed', subject: 'Ablage (!a)', chosen: 'gemeinsam' },
      { kind: 'class-assumed', subject: 'Hochwasser 2027 (!w)', chosen: 'gemeinsam' },
    ]);
  });

  test.each<[DraftFindingKind, string, readonly HandMade[], string[]?]>([
    ['conversations-left-out', '1', [{ id: '!d', members: ['mia', 'ole'] }]],
    ['rooms-elsewhere', '1', [{ id: '!e', name: 'Fern', creator: '@x:fremd.test' }]],
    ['room-without-space', 'Frei (!f)', [{ id: '!f', name: 'Frei' }]],
    ['room-in-several-spaces', 'Ablage (!a)', [{ id: '!z', name: 'Zwei', isSpace: true, children: ['!a'] }, files]],
    ['space-in-circle', 'Kreis (!k)', [{ id: '!k', name: 'Kreis', isSpace: true, children: ['!k'] }]],
    ['room-without-people', 'Gäste (!a)', [{ id: '!a', name: 'Gäste', members: ['@x:fremd.test'] }]],
    ['member-left-out', '@x:fremd.test, Ablage (!a)', [{ ...files, members: ['mia', '@x:fremd.test'] }]],
    ['name-unusable', 'Ключ', [{ ...files, name: 'Ключ' }]],
    [
      'short-name-cut',
      'landesbetrieb-fuer-hochwasserschutz',
      [{ id: '!l', name: 'Landesbetrieb für Hochwasserschutz', isSpace: true }],
    ],
    ['name-unusable', 'ina', [], ['mia', 'ina']],
    ['account-unusable', at('admin-hzd'), [], ['admin-hzd']],
    ['account-unusable', '@Groß:land.hessen.test', [], ['Groß']],
    ['account-without-place', at('neu'), [], ['mia', 'neu']],
    ['account-in-several-places', at('mia'), [{ id: '!z', name: 'Zwei', isSpace: true }]],
  ])('%s: %s', (kind, subject, rooms, people = ['mia', 'ole']) => {
    const everybody = { ...ministry, members: ['mia', 'ole', 'ina'], children: ['!a'] };
    const draft = draftOfHandMade([everybody, ...rooms], people);
    expect(draft.findings.filter((finding) => finding.kind === kind).map((finding) => finding.subject)).toEqual([
      subject,
    ]);
    expect(parseOrganisation(draft.organisation).ok).toBe(true);
  });
});
