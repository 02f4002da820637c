import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OwnerStatement, PartnerStatement } from '#contract/agreement.ts';
import { userIdSchema, type UserId } from '#contract/ids.ts';
import {
  faultOfAnswer,
  isOver,
  participantsOf,
  phaseOf,
  statementOf,
  type Agreement,
  type AgreementEnd,
} from './agreement.ts';
import {
  accepted,
  dayMs,
  digest,
  endsAt,
  jointRoom,
  officer,
  ownedAgreement,
  partneredAgreement,
  person,
  police,
  proposal,
  terms,
  twoConsents,
} from './test-agreements.ts';

const now = endsAt - dayMs;
const two = twoConsents;
const one = two.slice(0, 1);
const ended: AgreementEnd = { by: person('erste.person'), at: 3, reason: 'Einsatz vorbei' };

describe('the phase of the side that proposes', () => {
  test.each([
    ['one person has proposed', { consents: one }, 'proposed'],
    ['a second has consented', { consents: two }, 'sent'],
    ['the partner has answered', { consents: two, heard: accepted }, 'open'],
    ['the partner has answered one person alone', { consents: one, heard: accepted }, 'proposed'],
    ['the partner has declined', { consents: two, heard: { ...accepted, isOver: true } }, 'closing'],
    ['the own side has ended it', { consents: two, heard: accepted, end: ended }, 'closing'],
    ['all is taken down', { consents: two, heard: accepted, end: ended, closedAt: 4 }, 'over'],
  ] as const)('%s', (_what, changes, expected) => {
    expect(phaseOf(ownedAgreement(changes), now)).toBe(expected);
  });
});

describe('the phase of the side that is asked', () => {
  test.each([
    ['nobody has looked at it', {}, 'received'],
    ['one person has consented', { consents: one }, 'half-accepted'],
    ['two have consented', { consents: two }, 'accepted'],
    ['the owner names the room', { consents: two, heard: { ...proposal, room: jointRoom } }, 'open'],
    [
      'the owner names a room that one person consented to',
      { consents: one, heard: { ...proposal, room: jointRoom } },
      'half-accepted',
    ],
    ['the owner has ended it', { consents: two, heard: { ...proposal, isOver: true } }, 'closing'],
    ['the own side has declined', { end: ended }, 'closing'],
  ] as const)('%s', (_what, changes, expected) => {
    expect(phaseOf(partneredAgreement(changes), now)).toBe(expected);
  });
});

const consents = fc.constantFrom([], one, two);
const end = fc.constantFrom(null, ended);
const closedAt = fc.constantFrom(null, 5);
const owned = fc
  .record({
    consents,
    end,
    closedAt,
    room: fc.constantFrom(null, jointRoom),
    heard: fc.constantFrom<PartnerStatement | null>(null, accepted, { ...accepted, isOver: true }),
  })
  .map(ownedAgreement);
const partnered = fc
  .record({
    consents,
    end,
    closedAt,
    people: fc.constantFrom<readonly UserId[] | null>(null, accepted.people),
    heard: fc.constantFrom<OwnerStatement>(proposal, { ...proposal, room: jointRoom }, { ...proposal, isOver: true }),
  })
  .map(partneredAgreement);
const anyAgreement: fc.Arbitrary<Agreement> = fc.oneof(owned, partnered);
const anyTime = fc.integer({ min: endsAt - 10 * dayMs, max: endsAt + 10 * dayMs });

test('nobody meets without two people of the own side, the other side’s word and time left', () => {
  fc.assert(
    fc.property(anyAgreement, anyTime, (agreement, at) => {
      const { ownerPeople, partnerPeople } = participantsOf(agreement, at);
      if (ownerPeople.length + partnerPeople.length === 0) return;
      expect(agreement.consents).toHaveLength(2);
      expect(agreement.heard).toMatchObject({ isOver: false, digest });
      expect(agreement.end).toBeNull();
      expect(at).toBeLessThan(endsAt);
    }),
  );
});

test('what is over stays over, whatever time it is later', () => {
  fc.assert(
    fc.property(anyAgreement, anyTime, fc.nat(), (agreement, at, later) => {
      if (isOver(agreement, at)) expect(isOver(agreement, at + later)).toBe(true);
    }),
  );
});

test('neither side says a word before two of its people have consented, but that it declines', () => {
  fc.assert(
    fc.property(anyAgreement, (agreement) => {
      const statement = statementOf(agreement);
      if (agreement.consents.length < 2 && statement !== null) {
        expect(statement).toEqual({ role: 'partner', digest, people: [], isOver: true });
      }
    }),
  );
});

test('exactly the named people of both sides meet', () => {
  const open = ownedAgreement({ consents: two, heard: accepted });
  expect(participantsOf(open, now)).toEqual({ ownerPeople: terms.ownerPeople, partnerPeople: accepted.people });
});

describe('the partner’s answer counts for nothing', () => {
  test.each([
    ['that answers other terms', { digest: 'f'.repeat(64) }, 'it answers other terms'],
    [
      'that names one of the owner’s people',
      { people: terms.ownerPeople.slice(0, 1) },
      `${terms.ownerPeople[0]} is not of ${police}`,
    ],
    [
      'that names somebody of a third server',
      { people: [userIdSchema.parse('@eve:fremd.test')] },
      '@eve:fremd.test is not of polizei.hessen.test',
    ],
    ['that names nobody', { people: [] }, 'it names nobody'],
  ])('%s', (_what, changes, expected) => {
    expect(faultOfAnswer({ ...accepted, ...changes }, { terms, digest }, police)).toBe(expected);
  });

  test('that names people whom nobody asked for, unless units were asked for', () => {
    const answer = { ...accepted, people: [officer('uncalled')] };
    expect(faultOfAnswer(answer, { terms: { ...terms, partnerUnits: [] }, digest }, police)).toMatch(
      /^nobody asked for/,
    );
    expect(faultOfAnswer(answer, { terms: { ...terms, partnerUnits: ['hbpp'] }, digest }, police)).toBeNull();
  });
});
