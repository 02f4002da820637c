/**
 * When to look again: by period, soon after a hint, sooner after something failed. A hint only says where.
 */
import type { Logger } from 'pino';
import type { RoomId, UserId } from '#contract/ids.ts';
import type { RunResult } from './provisioner.ts';

export interface LoopOptions {
  readonly reconcile: (roomIds?: ReadonlySet<RoomId>) => Promise<RunResult>;
  /**
   * Joins people into rooms that other homeservers of the domain invited them to; all people without `people`. Answers
   * for how many it failed.
   */
  readonly acceptInvitations: (people?: ReadonlySet<UserId>) => Promise<number>;
  readonly sweepIntervalMs: number;
  readonly logger: Logger;
}

export interface ReconcileLoop {
  /** Looks at everything, again and again until it has worked once and then by period. Resolves after the first time. */
  start(): Promise<void>;
  /** Something happened in this room. Many hints within a moment lead to one look. */
  hintRoom(roomId: RoomId): void;
  /** This person was invited from another homeserver of the domain. */
  hintInvitation(person: UserId): void;
  /** Ends the periods and waits for what is under way. */
  stop(): Promise<void>;
}

/** Long enough for the events of one action to arrive together, short enough for drift to be repaired at once. */
const gatherMs = 300;
const retryMsMin = 2_000;

export function createReconcileLoop(options: LoopOptions): ReconcileLoop {
  const { logger, sweepIntervalMs } = options;
  const ended = new AbortController();
  const hintedRooms = new Set<RoomId>();
  const hintedPeople = new Set<UserId>();
  let gathering: NodeJS.Timeout | undefined;
  let sweeping: NodeJS.Timeout | undefined;
  let retryMs = retryMsMin;
  let underWay: Promise<void> = Promise.resolve();
  const firstSweep = Promise.withResolvers<void>();

  async function sweep(): Promise<void> {
    const isDone = await attempt(async () => {
      const result = await options.reconcile();
      return result.failed + (await options.acceptInvitations()) === 0;
    });
    scheduleSweep(isDone);
    if (isDone !== null) firstSweep.resolve();
  }

  /** false: something failed; null: nothing could be done at all. */
  async function attempt(work: () => Promise<boolean>): Promise<boolean | null> {
    try {
      return await work();
    } catch (error) {
      if (!ended.signal.aborted) logger.warn({ err: error }, 'could not reconcile; trying again soon');
      return null;
    }
  }

  function scheduleSweep(isDone: boolean | null): void {
    const waitMs = isDone === true ? sweepIntervalMs : Math.min(retryMs, sweepIntervalMs);
    retryMs = isDone === true ? retryMsMin : Math.min(retryMs * 2, sweepIntervalMs);
    if (ended.signal.aborted) return;
    clearTimeout(sweeping);
    sweeping = setTimeout(() => continueWith(sweep), waitMs);
  }

  function gather(): void {
    if (ended.signal.aborted) return;
    gathering ??= setTimeout(() => {
      gathering = undefined;
      continueWith(followHints);
    }, gatherMs);
  }

  async function followHints(): Promise<void> {
    const [rooms, people] = [takeAll(hintedRooms), takeAll(hintedPeople)];
    const isDone = await attempt(async () => {
      const failed = rooms.size > 0 ? (await options.reconcile(rooms)).failed : 0;
      return failed + (people.size > 0 ? await options.acceptInvitations(people) : 0) === 0;
    });
    if (isDone !== true) scheduleSweep(isDone);
  }

  function continueWith(work: () => Promise<void>): void {
    underWay = runAfter(underWay, work);
  }

  async function runAfter(before: Promise<void>, work: () => Promise<void>): Promise<void> {
    await before;
    if (!ended.signal.aborted) await work();
  }

  return {
    start() {
      continueWith(sweep);
      return firstSweep.promise;
    },
    hintRoom(roomId) {
      hintedRooms.add(roomId);
      gather();
    },
    hintInvitation(person) {
      hintedPeople.add(person);
      gather();
    },
    async stop() {
      ended.abort();
      firstSweep.resolve();
      clearTimeout(gathering);
      clearTimeout(sweeping);
      await underWay;
    },
  };
}

function takeAll<Item>(items: Set<Item>): Set<Item> {
  const taken = new Set(items);
  items.clear();
  return taken;
}
