import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conversationRulesSchema } from '#contract/conversation-rules.ts';
import { userIdSchema, type UserId } from '#contract/ids.ts';
import {
  decideConversation,
  type ConversationRequest,
  type ConversationSnapshot,
  type Standing,
} from './decide-conversation.ts';

/**
 * As at the Schulportal: teachers write to everybody of their school and to each other; pupils and parents write to teachers
 * of their school, and to nobody else. The administration has nothing to do with pupils and parents.
 */
const schoolRules = conversationRulesSchema.parse({
  otherwise: 'verwaltung',
  roles: {
    verwaltung: { direkt: ['verwaltung', 'lehrkraft'], gruppe: ['verwaltung', 'lehrkraft'] },
    lehrkraft: {
      direkt: [
        'verwaltung',
        'lehrkraft',
        { role: 'kind', within: 'own-body' },
        { role: 'elternteil', within: 'own-body' },
      ],
      gruppe: ['lehrkraft', { role: 'kind', within: 'own-body' }, { role: 'elternteil', within: 'own-body' }],
    },
    kind: { direkt: [{ role: 'lehrkraft', within: 'own-body' }], gruppe: [] },
    elternteil: { direkt: [{ role: 'lehrkraft', within: 'own-body' }], gruppe: [] },
  },
});

const people: Readonly<Record<string, Standing>> = {
  clerk: { role: null, body: 'ministerium' },
  teacher: { role: 'lehrkraft', body: 'waldschule' },
  colleague: { role: 'lehrkraft', body: 'waldschule' },
  'teacher-elsewhere': { role: 'lehrkraft', body: 'seeschule' },
  pupil: { role: 'kind', body: 'waldschule' },
  classmate: { role: 'kind', body: 'waldschule' },
  'pupil-elsewhere': { role: 'kind', body: 'seeschule' },
  parent: { role: 'elternteil', body: 'waldschule' },
  unlisted: { role: 'hausmeister', body: 'waldschule' },
};
const names = Object.keys(people);

const domainServers = new Set(['land.hessen.test', 'schule.hessen.test']);

function idOf(name: string, server = 'schule.hessen.test'): UserId {
  return userIdSchema.parse(`@${name}:${server}`);
}

const underRules: ConversationSnapshot = {
  domainServers,
  standingOf: (person) => people[person.slice(1, person.indexOf(':'))] ?? null,
  rules: schoolRules,
};
const withoutRules: ConversationSnapshot = { ...underRules, rules: undefined };

type Class = ConversationRequest['class'];

/** `allowed`, or the rule that refused, and whom it names. */
function answer(
  className: Class,
  starter: string,
  others: readonly (string | UserId)[],
  snapshot = underRules,
): readonly string[] {
  const asId = (name: string) => (name.startsWith('@') ? userIdSchema.parse(name) : idOf(name));
  const request = { class: className, starter: asId(starter), others: others.map(asId) };
  const decision = decideConversation(request, snapshot);
  if (decision.isAllowed) return ['allowed'];
  return [decision.rule, ...decision.people.map((person) => person.slice(1, person.indexOf(':')))];
}

describe('who may write to whom in schools', () => {
  test.each<[string, string, boolean, boolean]>([
    // who starts, with whom, a direct chat, a group
    ['teacher', 'colleague', true, true],
    ['teacher', 'teacher-elsewhere', true, true],
    ['teacher', 'pupil', true, true],
    ['teacher', 'parent', true, true],
    ['teacher', 'pupil-elsewhere', false, false],
    ['teacher', 'clerk', true, false],
    ['pupil', 'teacher', true, false],
    ['pupil', 'teacher-elsewhere', false, false],
    ['pupil', 'classmate', false, false],
    ['pupil', 'parent', false, false],
    ['pupil', 'clerk', false, false],
    ['parent', 'teacher', true, false],
    ['parent', 'teacher-elsewhere', false, false],
    ['parent', 'pupil', false, false],
    ['parent', 'clerk', false, false],
    ['clerk', 'teacher', true, true],
    ['clerk', 'pupil', false, false],
    ['clerk', 'parent', false, false],
    // A role that the rules do not know reaches nobody, and nobody reaches it.
    ['unlisted', 'teacher', false, false],
    ['teacher', 'unlisted', false, false],
  ])('%s with %s', (starter, other, isDirectAllowed, isGroupAllowed) => {
    const refusal = ['conversation.not-by-role', other];
    expect(answer('direkt', starter, [other])).toEqual(isDirectAllowed ? ['allowed'] : refusal);
    expect(answer('gruppe', starter, [other])).toEqual(isGroupAllowed ? ['allowed'] : refusal);
  });

  test('a group that a teacher starts may hold a class and its parents, who could not start it themselves', () => {
    expect(answer('gruppe', 'teacher', ['pupil', 'classmate', 'parent', 'colleague'])).toEqual(['allowed']);
  });

  test('a refusal names everybody whom the role does not reach, and nobody else', () => {
    expect(answer('gruppe', 'teacher', ['pupil', 'pupil-elsewhere', 'colleague', 'clerk'])).toEqual([
      'conversation.not-by-role',
      'pupil-elsewhere',
      'clerk',
    ]);
  });
});

describe('whatever rules there are', () => {
  test.each([
    ['no rules', withoutRules],
    ['rules', underRules],
  ])('with %s nobody starts a conversation alone, with strangers, or across the wall', (_what, snapshot) => {
    const officer = '@pia.streife:polizei.hessen.test';
    expect(answer('gruppe', 'teacher', [], snapshot)).toEqual(['conversation.alone']);
    expect(answer('gruppe', 'teacher', ['colleague', 'gone', officer], snapshot)).toEqual([
      'conversation.outside-domain',
      'pia.streife',
    ]);
    expect(answer('direkt', officer, ['teacher'], snapshot)).toEqual(['conversation.outside-domain', 'pia.streife']);
    expect(answer('gruppe', 'teacher', ['gone', 'colleague'], snapshot)).toEqual(['conversation.not-declared', 'gone']);
    expect(answer('direkt', 'gone', ['teacher'], snapshot)).toEqual(['conversation.not-declared', 'gone']);
  });

  test('a role that is called as something every object has reaches nobody', () => {
    const rules = conversationRulesSchema.parse({ otherwise: 'constructor', roles: {} });
    expect(answer('direkt', 'clerk', ['clerk'], { ...underRules, rules })).toEqual([
      'conversation.not-by-role',
      'clerk',
    ]);
  });
});

const className = fc.constantFrom<Class>('direkt', 'gruppe');
const someone = fc.constantFrom(...names);
const several = fc.uniqueArray(someone, { minLength: 1 });

/** Rules over the same roles, as anybody may declare them. */
const anyRules = fc
  .dictionary(
    fc.constantFrom('verwaltung', 'lehrkraft', 'kind', 'elternteil'),
    fc.record({ direkt: reached(), gruppe: reached() }),
  )
  .map((roles) => conversationRulesSchema.parse({ otherwise: 'verwaltung', roles }));

function reached(): fc.Arbitrary<unknown[]> {
  const role = fc.constantFrom('verwaltung', 'lehrkraft', 'kind', 'elternteil');
  return fc.array(fc.oneof(role, fc.record({ role, within: fc.constant('own-body') })));
}

describe('under any rules', () => {
  const isAllowed = (result: readonly string[]) => result[0] === 'allowed';

  test('somebody of another trust domain is never reached', () => {
    const server = fc.oneof(fc.domain(), fc.constantFrom('polizei.hessen.test', 'xschule.hessen.test', 'hessen.test'));
    fc.assert(
      fc.property(className, someone, several, someone, server, anyRules, (kind, starter, others, name, at, rules) => {
        const outsider = idOf(name, at.toLowerCase());
        const decision = answer(kind, starter, [...others, outsider], { ...underRules, rules });
        expect(decision[0]).toBe('conversation.outside-domain');
      }),
    );
  });

  test('a group is allowed exactly if each of its people alone is, in whatever order', () => {
    fc.assert(
      fc.property(className, someone, several, anyRules, (kind, starter, others, rules) => {
        const snapshot = { ...underRules, rules };
        const together = isAllowed(answer(kind, starter, others, snapshot));
        expect(together).toBe(others.every((other) => isAllowed(answer(kind, starter, [other], snapshot))));
        expect(isAllowed(answer(kind, starter, others.toReversed(), snapshot))).toBe(together);
      }),
    );
  });

  test('nothing is refused by role where no rules are declared', () => {
    fc.assert(
      fc.property(className, someone, several, (kind, starter, others) =>
        isAllowed(answer(kind, starter, others, withoutRules)),
      ),
    );
  });
});
