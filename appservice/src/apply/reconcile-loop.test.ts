import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { roomIdSchema, type RoomId } from '#contract/ids.ts';
import type { RunResult } from './provisioner.ts';
import { createReconcileLoop, type ReconcileLoop } from './reconcile-loop.ts';

const settled: RunResult = { applied: 0, failed: 0, isRefused: false };
const room = roomIdSchema.parse('!one');
const other = roomIdSchema.parse('!other');

/** A loop whose runs are answered one by one; `next()` waits for the next run and answers what it looked at. */
function startLoop(outcomes: (RunResult | Error)[]): { loop: ReconcileLoop; next: () => Promise<'all' | RoomId[]> } {
  const seen: ('all' | RoomId[])[] = [];
  const waiting: ((run: 'all' | RoomId[]) => void)[] = [];
  const loop = createReconcileLoop({
    async reconcile(roomIds) {
      const run = roomIds === undefined ? 'all' : [...roomIds];
      const waiter = waiting.shift();
      if (waiter === undefined) seen.push(run);
      else waiter(run);
      const outcome = outcomes.shift() ?? settled;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    acceptInvitations: async () => 0,
    sweepIntervalMs: 60_000,
    logger: pino({ level: 'silent' }),
  });
  onTestFinished(() => loop.stop());
  return {
    loop,
    next: () => {
      const run = seen.shift();
      return run === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(run);
    },
  };
}

test('many hints within a moment lead to one look at exactly those rooms', async () => {
  const { loop, next } = startLoop([]);
  loop.hintRoom(room);
  loop.hintRoom(other);
  loop.hintRoom(room);
  expect(await next()).toEqual([room, other]);
});

test('a hint during a look is not lost', async () => {
  const { loop, next } = startLoop([]);
  loop.hintRoom(room);
  await next();
  loop.hintRoom(other);
  expect(await next()).toEqual([other]);
});

test('a start on a homeserver that does not answer goes on until it does', async () => {
  const { loop, next } = startLoop([new Error('no answer')]);
  const started = loop.start();
  expect(await next()).toBe('all');
  expect(await next()).toBe('all');
  await started;
});

test('what failed is tried again before the next period', async () => {
  const { loop, next } = startLoop([{ ...settled, failed: 1 }]);
  await loop.start();
  expect(await next()).toBe('all');
  expect(await next()).toBe('all');
});

test('after the end nothing is looked at any more', async () => {
  const { loop, next } = startLoop([]);
  await loop.start();
  await next();
  await loop.stop();
  loop.hintRoom(room);
  const { loop: later, next: sentinel } = startLoop([]);
  later.hintRoom(other);
  expect(await sentinel()).toEqual([other]);
  expect(await Promise.race([next(), Promise.resolve('nothing')])).toBe('nothing');
});
