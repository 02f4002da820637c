import { expect, test } from 'vitest';
import { roomIdSchema, userIdSchema, type UserId } from '#contract/ids.ts';
import { rosterAgeMsMax } from '#contract/roster.ts';
import type { StateContent } from '#appservice/matrix/ports.ts';
import { createTestSeal } from './test-seal.ts';

const roomId = roomIdSchema.parse('!abteilung');
const people = (count: number): UserId[] =>
  Array.from({ length: count }, (_, index) => userIdSchema.parse(`@mensch.nummer-${index}:land.hessen.test`));
const [anna, bert] = [userIdSchema.parse('@anna:land.hessen.test'), userIdSchema.parse('@bert:land.hessen.test')];

test.each([0, 1, 900, 20_000])('what was sealed for %i people opens to the same', (count) => {
  const seal = createTestSeal(() => 5);
  const parts = seal.seal(roomId, people(count));
  expect(seal.open(roomId, parts)).toEqual({ issuedAt: 5, members: people(count), isDue: false });
});

test('each part fits into an event, also for people with the longest names', () => {
  const long = people(2_000).map((id) => userIdSchema.parse(`@${'a'.repeat(60)}.${id.slice(1)}`));
  for (const { content } of createTestSeal().seal(roomId, long)) {
    expect(JSON.stringify(content).length).toBeLessThan(60_000);
  }
});

test('later rosters are of a later moment, also if the clock is set back', () => {
  const clock = { now: 1_000 };
  const seal = createTestSeal(() => clock.now);
  const issuedAt = () => seal.open(roomId, seal.seal(roomId, [anna]))?.issuedAt ?? 0;
  const [first, second] = [issuedAt(), issuedAt()];
  clock.now = 10;
  expect(second).toBeGreaterThan(first);
  expect(issuedAt()).toBeGreaterThan(second);
});

const withContent = ([part]: readonly StateContent[], change: object): StateContent[] =>
  part ? [{ ...part, content: { ...part.content, ...change } }] : [];

test('a roster opens only untouched, whole, for its room and under its key', () => {
  const seal = createTestSeal();
  const parts = seal.seal(roomId, [anna]);
  const other = seal.seal(roomId, [anna, bert]);
  const large = seal.seal(roomId, people(3_000));
  expect(seal.open(roomId, parts)).not.toBeNull();
  expect(seal.open(roomId, withContent(parts, { signed: other[0]?.content['signed'] }))).toBeNull();
  expect(seal.open(roomId, withContent(parts, { signature: 'A'.repeat(86) }))).toBeNull();
  expect(seal.open(roomId, withContent(parts, { signed: 7 }))).toBeNull();
  expect(seal.open(roomIdSchema.parse('!referat'), parts)).toBeNull();
  expect(createTestSeal().open(roomId, parts)).toBeNull();
  expect(seal.open(roomId, large.slice(0, -1))).toBeNull();
  expect(seal.open(roomId, [...seal.seal(roomId, people(3_000)).slice(0, 1), ...large.slice(1)])).toBeNull();
  expect(seal.open(roomId, [])).toBeNull();
});

test('a roster is made anew long before clients stop believing it', () => {
  const clock = { now: rosterAgeMsMax };
  const seal = createTestSeal(() => clock.now);
  const parts = seal.seal(roomId, [anna]);
  clock.now += rosterAgeMsMax / 2;
  expect(seal.open(roomId, parts)?.isDue).toBe(false);
  clock.now += 1;
  expect(seal.open(roomId, parts)?.isDue).toBe(true);
});
