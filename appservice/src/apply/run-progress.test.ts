/** What whoever follows a run is told. */
import { expect, test } from 'vitest';
import type { Change } from '../reconciler/change.ts';
import { createRunProgress } from './run-progress.ts';

const start = 1_790_000_000_000;
const rename: Change = {
  kind: 'SetName',
  address: 'room/a',
  before: null,
  after: { name: 'A' },
  reason: '',
  risk: 'low',
};

function runOf(total: number) {
  const clock = { now: start };
  const progress = createRunProgress(() => clock.now);
  const changes = Array.from({ length: total }, () => rename);
  progress.begin('lauf', { revision: 2, purpose: 'revision', changes });
  const outcomes = (count: number, everyMs: number): void => {
    for (let index = 0; index < count; index += 1) {
      clock.now += everyMs;
      progress.note(false);
    }
  };
  return { progress, outcomes };
}

test('five changes a second, ten of forty done: six seconds are left', () => {
  const { progress, outcomes } = runOf(40);
  expect(progress.current()).toMatchObject({ done: 0, total: 40, ratePerSecond: null, remainingMs: null });
  outcomes(10, 200);
  expect(progress.current()).toMatchObject({ done: 10, total: 40, ratePerSecond: 5, remainingMs: 6_000 });
});

test('a homeserver that slows down is followed: the rate is that of the last half minute', () => {
  const { progress, outcomes } = runOf(400);
  outcomes(300, 100);
  expect(progress.current()?.ratePerSecond).toBe(10);
  outcomes(60, 1_000);
  expect(progress.current()).toMatchObject({ ratePerSecond: 1, remainingMs: 40_000 });
});

test('every outcome is told to who watches, what failed is counted, and a run that ended has no pace', () => {
  const { progress } = runOf(2);
  const seen: unknown[] = [];
  const unwatch = progress.watch(({ done, failed, state }) => seen.push([done, failed, state]));
  progress.note(true);
  progress.note(false);
  progress.end('incomplete');
  unwatch();
  progress.end('done');
  expect(seen).toEqual([
    [1, 1, 'running'],
    [2, 1, 'running'],
    [2, 1, 'incomplete'],
  ]);
  expect(progress.current()).toMatchObject({ ratePerSecond: null, remainingMs: null });
});
