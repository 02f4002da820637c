import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { roomIdSchema, userIdSchema, type RoomId, type UserId } from '#contract/ids.ts';
import type { WhoseInvitations } from './acceptance.ts';
import type { RunResult } from './plan-runner.ts';
import type { Hint } from './hinted-rooms.ts';
import { createReconcileLoop, type LoopOptions, type ReconcileLoop } from './reconcile-loop.ts';

const settled: RunResult = { applied: 0, failed: 0, elsewhere: 0, isRefused: false, isCancelled: false };
const room = roomIdSchema.parse('!one');
const other = roomIdSchema.parse('!other');
const hint: Hint = { roomId: room, isUrgent: false, isEcho: false };
const otherHint: Hint = { ...hint, roomId: other };
const person = userIdSchema.parse('@anna:land.hessen.test');

/** Calls, answered one by one; `next()` waits for the next call and answers what it was about. */
function calls<About>(): { heard: (about: About) => void; next: () => Promise<About> } {
  const seen: About[] = [];
  const waiting: ((about: About) => void)[] = [];
  return {
    heard(about) {
      const waiter = waiting.shift();
      if (waiter === undefined) seen.push(about);
      else waiter(about);
    },
    next() {
      const [about] = seen.splice(0, 1);
      return about === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(about);
    },
  };
}

function openLoop(options: Partial<LoopOptions>): ReconcileLoop {
  const loop = createReconcileLoop({
    reconcile: async () => settled,
    repair: async () => new Set(),
    inviteElsewhere: async () => 0,
    acceptInvitations: async () => new Set(),
    sweepIntervalMs: 60_000,
    logger: pino({ level: 'silent' }),
    ...options,
  });
  onTestFinished(() => loop.stop());
  return loop;
}

/** A loop whose runs have these outcomes, and then none; `next()` answers what the next run looks at. */
function startLoop(outcomes: (RunResult | Error)[]): { loop: ReconcileLoop; next: () => Promise<'all' | RoomId[]> } {
  const { heard, next } = calls<'all' | RoomId[]>();
  const loop = openLoop({
    async reconcile() {
      heard('all');
      const outcome = outcomes.shift() ?? settled;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    async repair(roomIds) {
      heard([...roomIds]);
      return new Set();
    },
  });
  return { loop, next };
}

test('many hints within a moment lead to one look at exactly those rooms', async () => {
  const { loop, next } = startLoop([]);
  loop.hintRoom(hint);
  loop.hintRoom(otherHint);
  loop.hintRoom(hint);
  expect(await next()).toEqual([room, other]);
});

test('a hint during a look is not lost', async () => {
  const { loop, next } = startLoop([]);
  loop.hintRoom(hint);
  await next();
  loop.hintRoom(otherHint);
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
  loop.hintRoom(hint);
  const { loop: later, next: sentinel } = startLoop([]);
  later.hintRoom(otherHint);
  expect(await sentinel()).toEqual([other]);
  expect(await Promise.race([next(), Promise.resolve('nothing')])).toBe('nothing');
});

test('a room in which something happens is looked at while a run is under way; what the run does itself waits', async () => {
  const { heard, next } = calls<'all' | RoomId[]>();
  const run = Promise.withResolvers<RunResult>();
  const loop = openLoop({
    reconcile() {
      heard('all');
      return run.promise;
    },
    async repair(roomIds) {
      heard([...roomIds]);
      return new Set();
    },
  });
  const started = loop.start();
  expect(await next()).toBe('all');
  loop.hintRoom({ ...hint, isEcho: true });
  loop.hintRoom(otherHint);
  expect(await next()).toEqual([other]);
  run.resolve(settled);
  await started;
  expect(await next()).toEqual([room]);
});

test('a room that could not be repaired is looked at again', async () => {
  const { heard, next } = calls<RoomId[]>();
  const failures: (Error | ReadonlySet<RoomId>)[] = [new Set([room]), new Error('no answer')];
  const loop = openLoop({
    async repair(roomIds) {
      heard([...roomIds]);
      const failure = failures.shift() ?? new Set();
      if (failure instanceof Error) throw failure;
      return failure;
    },
  });
  loop.hintRoom(hint);
  loop.hintRoom(otherHint);
  expect(await next()).toEqual([room, other]);
  expect(await next()).toEqual([room]);
  expect(await next()).toEqual([room]);
});

test('in a storm the rooms whose protection may be weakened come first, and none is left out', async () => {
  const { heard, next } = calls<RoomId[]>();
  const loop = openLoop({
    async repair(roomIds) {
      heard([...roomIds]);
      return new Set();
    },
  });
  const rooms = Array.from({ length: 100 }, (_, index) => roomIdSchema.parse(`!room-${index}`));
  for (const roomId of rooms) loop.hintRoom({ ...hint, roomId });
  loop.hintRoom({ ...otherHint, isUrgent: true });
  const [first, second] = [await next(), await next()];
  expect(first[0]).toBe(other);
  expect([...first, ...second].toSorted()).toEqual([other, ...rooms].toSorted());
});

test('what comes into force is carried out without waiting for the period', async () => {
  const { loop, next } = startLoop([]);
  await loop.start();
  expect(await next()).toBe('all');
  loop.sweepSoon();
  expect(await next()).toBe('all');
});

test('another homeserver that never answers holds up neither the start nor the next look', async () => {
  const { heard, next } = calls<'all' | RoomId[]>();
  const answer = Promise.withResolvers<number>();
  const arrival = Promise.withResolvers<ReadonlySet<UserId>>();
  const loop: ReconcileLoop = openLoop({
    async reconcile() {
      heard('all');
      loop.hintOutstanding();
      return { ...settled, elsewhere: 1 };
    },
    async repair(roomIds) {
      heard([...roomIds]);
      return new Set();
    },
    inviteElsewhere: () => answer.promise,
    acceptInvitations: () => arrival.promise,
  });
  await loop.start();
  expect(await next()).toBe('all');
  loop.hintRoom(hint);
  expect(await next()).toEqual([room]);
  answer.resolve(0);
  arrival.resolve(new Set());
});

test('invitations that another homeserver did not take are tried again, without looking at everything', async () => {
  const { heard, next } = calls<'invited'>();
  const waiting = [3, 0];
  const loop = openLoop({
    async inviteElsewhere() {
      heard('invited');
      return waiting.shift() ?? 0;
    },
    reconcile: () => Promise.reject(new Error('nobody asked for a look')),
  });
  loop.hintOutstanding();
  expect(await next()).toBe('invited');
  expect(await next()).toBe('invited');
});

test('everybody is asked for invitations once after the start, and then whoever was invited or is expected', async () => {
  const { heard, next } = calls<WhoseInvitations>();
  const loop = openLoop({
    async acceptInvitations(whose) {
      heard(whose);
      return new Set();
    },
    sweepIntervalMs: 1_000,
  });
  await loop.start();
  expect(await next()).toBe('everybody');
  loop.hintInvitation(person);
  expect(await next()).toEqual({ isExpectedToo: false, people: new Set([person]) });
  expect(await next()).toEqual({ isExpectedToo: true, people: new Set() });
});

test('a person whose invitation could not be accepted is asked again', async () => {
  const { heard, next } = calls<WhoseInvitations>();
  const failures = [new Set([person])];
  const loop = openLoop({
    async acceptInvitations(whose) {
      heard(whose);
      return failures.shift() ?? new Set();
    },
  });
  await loop.start();
  expect(await next()).toBe('everybody');
  expect(await next()).toEqual({ isExpectedToo: false, people: new Set([person]) });
});

test('the start is over when a look has left nothing undone, not after one that made no room at all', async () => {
  const outcomes: (RunResult | Error)[] = [{ ...settled, failed: 90 }];
  const { loop, next } = startLoop(outcomes);
  const order: string[] = [];
  const start = async (): Promise<void> => {
    await loop.start();
    order.push('started');
  };
  const started = start();
  await next();
  order.push('first look');
  await next();
  order.push('second look');
  await started;
  expect(order).toEqual(['first look', 'second look', 'started']);
});
