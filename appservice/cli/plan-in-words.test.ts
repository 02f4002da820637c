import { expect, test } from 'vitest';
import { userIdSchema } from '#contract/ids.ts';
import { effectInWords, planDetailInWords } from './plan-in-words.ts';

test.each([
  ['Kick', 214, 3, 214, 'entfernt 214 Personen aus 3 Räumen'],
  ['Kick', 1, 1, 1, 'entfernt 1 Person aus 1 Raum'],
  ['CreateRoom', 2, 2, 0, 'legt 2 Räume an'],
  ['RegisterAccount', 1, 1, 0, 'legt 1 Konto an'],
  ['Join', 3, 1, 3, 'nimmt 3 Personen in 1 Raum auf'],
  ['SetEncryption', 2, 2, 0, 'ändert den Schutz von 2 Räumen (SetEncryption)'],
])('%s of %i changes', (kind, changes, rooms, people, sentence) => {
  expect(effectInWords({ kind, changes, rooms, people })).toBe(sentence);
});

test('a plan says what it does, whom it concerns and whose approval is missing', () => {
  const text = planDetailInWords({
    digest: 'abc',
    revision: 2,
    state: 'awaiting-approval',
    summary: ['Removes 200 people from 3 rooms.'],
    applyable: false,
    complete: true,
    errored: true,
    refusals: [{ gate: 'mass-removal', message: '214 of 800 memberships would end.' }],
    effects: [{ kind: 'Kick', changes: 214, rooms: 3, people: 200 }],
    changes: 214,
    createdAt: '2026-11-23T12:00:00.000Z',
    author: '@kim:land.hessen.test',
    expiresAt: '2026-11-30T12:00:00.000Z',
    differences: [{ key: 'room/hkm/haushalt', kind: 'changed', before: null, after: null, places: ['hkm', 'hmdf'] }],
    places: ['hkm', 'hmdf'],
    approvals: [{ approver: userIdSchema.parse('@ria:land.hessen.test'), at: '2026-11-23T13:00:00.000Z' }],
    missing: ['*'],
  });
  expect(text).toContain('– entfernt 200 Personen aus 3 Räumen');
  expect(text).toContain('✗ 214 of 800 memberships would end.');
  expect(text).toContain('geändert: room/hkm/haushalt (betrifft hkm, hmdf)');
  expect(text).toContain('Freigegeben von @ria:land.hessen.test');
  expect(text).toContain('Es fehlt die Freigabe für die ganze Domäne');
});
