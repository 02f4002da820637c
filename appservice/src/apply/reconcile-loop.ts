/**
 * When to look again: by period, soon after a hint, sooner after something failed. A hint only says where. What needs
 * other homeservers goes on beside that: one that does not answer holds up neither the start nor the own rooms.
 */
import type { RoomId } from '#contract/ids.ts';
import { createOtherServersLoop, type OtherServersLoop, type OtherServersOptions } from './other-servers-loop.ts';
import type { RunResult } from './plan-runner.ts';
import { gatherMs, retryMsMin } from './retrying-task.ts';

export interface LoopOptions extends OtherServersOptions {
  readonly reconcile: (roomIds?: ReadonlySet<RoomId>) => Promise<RunResult>;
}

export interface ReconcileLoop extends Pick<OtherServersLoop, 'hintInvitation' | 'hintOutstanding'> {
  /**
   * Looks at everything, again and again until it has worked once and then by period. Resolves when a look left nothing
   * undone, or after `incompleteSweepsMax` that did: what cannot be mended must not keep people from what stands.
   */
  start(): Promise<void>;
  /** Something happened in this room. Many hints within a moment lead to one look. */
  hintRoom(roomId: RoomId): void;
  /** Ends the periods and waits for what is under way. */
  stop(): Promise<void>;
}

/** With the growing waits between them, these take about as long as a homeserver that is slow to start. */
const incompleteSweepsMax = 4;

export function createReconcileLoop(options: LoopOptions): ReconcileLoop {
  const { logger, sweepIntervalMs } = options;
  const ended = new AbortController();
  const hintedRooms = new Set<RoomId>();
  let gathering: NodeJS.Timeout | undefined;
  let sweeping: NodeJS.Timeout | undefined;
  let retryMs = retryMsMin;
  let underWay: Promise<void> = Promise.resolve();
  const firstSweep = Promise.withResolvers<void>();
  let incompleteSweeps = 0;
  const otherServers = createOtherServersLoop(options);

  async function sweep(): Promise<void> {
    const isDone = await attempt(() => options.reconcile());
    scheduleSweep(isDone);
    if (isDone === null) return;
    otherServers.sweep();
    if (!isDone) incompleteSweeps += 1;
    if (isDone || incompleteSweeps === incompleteSweepsMax) firstSweep.resolve();
  }

  /** false: something failed; null: nothing could be done at all. */
  async function attempt(work: () => Promise<RunResult>): Promise<boolean | null> {
    try {
      return (await work()).failed === 0;
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

  async function followHints(): Promise<void> {
    const rooms = takeAll(hintedRooms);
    const isDone = await attempt(() => options.reconcile(rooms));
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
      if (ended.signal.aborted) return;
      gathering ??= setTimeout(() => {
        gathering = undefined;
        continueWith(followHints);
      }, gatherMs);
    },
    hintInvitation: otherServers.hintInvitation,
    hintOutstanding: otherServers.hintOutstanding,
    async stop() {
      ended.abort();
      firstSweep.resolve();
      clearTimeout(gathering);
      clearTimeout(sweeping);
      await Promise.all([underWay, otherServers.stop()]);
    },
  };
}

function takeAll<Item>(items: Set<Item>): Set<Item> {
  const taken = new Set(items);
  items.clear();
  return taken;
}
