/**
 * When to look again: at everything by period, sooner after something failed; at single rooms soon after a hint. A hint
 * only says where. Hints are followed beside the sweeps, and what needs other homeservers goes on beside both: nothing
 * that is slow holds up the repair of a room.
 */
import { createHintedRooms, type Hint } from './hinted-rooms.ts';
import { createOtherServersLoop, type OtherServersLoop, type OtherServersOptions } from './other-servers-loop.ts';
import type { RoomId } from '#contract/ids.ts';
import type { RunResult } from './plan-runner.ts';
import { createRetryingTask, retryMsMin } from './retrying-task.ts';

export interface LoopOptions extends OtherServersOptions {
  readonly reconcile: () => Promise<RunResult>;
  /** Looks at single rooms. Answers those where something could not be put right. */
  readonly repair: (roomIds: ReadonlySet<RoomId>) => Promise<ReadonlySet<RoomId>>;
}

export interface ReconcileLoop extends Pick<OtherServersLoop, 'hintInvitation' | 'hintOutstanding'> {
  /**
   * Looks at everything, again and again until it has worked once and then by period. Resolves when a look left nothing
   * undone, or after `incompleteSweepsMax` that did: what cannot be mended must not keep people from what stands.
   */
  start(): Promise<void>;
  /** There is something to be carried out: does not wait for the period. */
  sweepSoon(): void;
  /** Something happened in this room. Many hints within a moment lead to one look. */
  hintRoom(hint: Hint): void;
  /** Ends the periods and waits for what is under way. */
  stop(): Promise<void>;
}

/** With the growing waits between them, these take about as long as a homeserver that is slow to start. */
const incompleteSweepsMax = 4;
/** Few enough that a room which somebody opens during a storm is not kept waiting for all the others. */
const hintedRoomsAtOnce = 64;

export function createReconcileLoop(options: LoopOptions): ReconcileLoop {
  const { logger, sweepIntervalMs } = options;
  const ended = new AbortController();
  const hinted = createHintedRooms();
  let sweeping: NodeJS.Timeout | undefined;
  let retryMs = retryMsMin;
  let underWay: Promise<void> = Promise.resolve();
  let isSweeping = false;
  const firstSweep = Promise.withResolvers<void>();
  let incompleteSweeps = 0;
  const otherServers = createOtherServersLoop(options);
  const following = createRetryingTask({
    work: followHints,
    failureMessage: 'could not look at rooms in which something happened; trying again soon',
    retryMsMax: sweepIntervalMs,
    logger,
  });

  async function sweep(): Promise<void> {
    if (ended.signal.aborted) return;
    isSweeping = true;
    const isDone = await attempt();
    isSweeping = false;
    if (!hinted.isEmpty(true)) following.due();
    scheduleSweep(isDone);
    if (isDone === null) return;
    otherServers.sweep();
    if (!isDone) incompleteSweeps += 1;
    if (isDone || incompleteSweeps === incompleteSweepsMax) firstSweep.resolve();
  }

  /** false: something failed; null: nothing could be done at all. */
  async function attempt(): Promise<boolean | null> {
    try {
      return (await options.reconcile()).failed === 0;
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
    sweeping = setTimeout(sweepNow, waitMs);
  }

  function sweepNow(): void {
    clearTimeout(sweeping);
    underWay = underWay.then(sweep);
  }

  async function followHints(): Promise<boolean> {
    let isDone = true;
    while (isDone && !ended.signal.aborted && !hinted.isEmpty(!isSweeping)) {
      const undone = await repairOrPutBack(hinted.take(hintedRoomsAtOnce, !isSweeping));
      for (const roomId of undone) hinted.add({ roomId, isUrgent: true, isEcho: false });
      isDone = undone.size === 0;
    }
    return isDone;
  }

  async function repairOrPutBack(rooms: ReadonlySet<RoomId>): Promise<ReadonlySet<RoomId>> {
    try {
      return await options.repair(rooms);
    } catch (error) {
      for (const roomId of rooms) hinted.add({ roomId, isUrgent: true, isEcho: false });
      throw error;
    }
  }

  return {
    start() {
      sweepNow();
      return firstSweep.promise;
    },
    sweepSoon: sweepNow,
    hintRoom(hint) {
      hinted.add(hint);
      if (!hint.isEcho || !isSweeping) following.due();
    },
    hintInvitation: otherServers.hintInvitation,
    hintOutstanding: otherServers.hintOutstanding,
    async stop() {
      ended.abort();
      firstSweep.resolve();
      clearTimeout(sweeping);
      await Promise.all([underWay, following.stop(), otherServers.stop()]);
    },
  };
}
