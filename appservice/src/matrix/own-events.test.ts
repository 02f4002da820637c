import { expect, test } from 'vitest';
import { eventIdSchema } from '#contract/ids.ts';
import { createOwnEvents } from './own-events.ts';

const idOf = (index: number) => eventIdSchema.parse(`$event-${index}`);

test('an event that was noted is known, another is not', () => {
  const events = createOwnEvents();
  events.note(idOf(1));
  expect(events.has(idOf(1))).toBe(true);
  expect(events.has(idOf(2))).toBe(false);
});

test('it does not grow without end: the oldest are forgotten', () => {
  const events = createOwnEvents();
  for (let index = 0; index <= 10_000; index += 1) events.note(idOf(index));
  expect(events.has(idOf(0))).toBe(false);
  expect(events.has(idOf(10_000))).toBe(true);
});
