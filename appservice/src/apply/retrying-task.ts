/** Work that is due now and then, one at a time; what did not work is tried again, each time after a longer wait. */
import type { Logger } from 'pino';

export interface RetryingTaskOptions {
  /** Answers whether everything worked. What it throws counts as not. */
  readonly work: () => Promise<boolean>;
  /** Says in the log what did not work. */
  readonly failureMessage: string;
  readonly retryMsMax: number;
  readonly logger: Logger;
}

export interface RetryingTask {
  /** There is work, also if some is under way. Many calls within a moment lead to one turn. */
  due(): void;
  /** Begins no more and waits for what is under way. */
  stop(): Promise<void>;
}

/** Long enough for the causes of one action to arrive together. */
const gatherMs = 300;
export const retryMsMin = 2_000;

export function createRetryingTask({ work, failureMessage, retryMsMax, logger }: RetryingTaskOptions): RetryingTask {
  let isStopped = false;
  let retryMs = retryMsMin;
  let gathering: NodeJS.Timeout | undefined;
  let retrying: NodeJS.Timeout | undefined;
  let underWay: Promise<void> = Promise.resolve();

  function due(): void {
    if (isStopped || gathering !== undefined) return;
    clearTimeout(retrying);
    gathering = setTimeout(() => {
      gathering = undefined;
      underWay = underWay.then(turn);
    }, gatherMs);
  }

  async function turn(): Promise<void> {
    if (isStopped) return;
    const isDone = await attempt();
    if (isDone || isStopped) retryMs = retryMsMin;
    else retryLater();
  }

  async function attempt(): Promise<boolean> {
    try {
      return await work();
    } catch (error) {
      if (!isStopped) logger.warn({ err: error }, failureMessage);
      return false;
    }
  }

  function retryLater(): void {
    clearTimeout(retrying);
    retrying = setTimeout(due, retryMs);
    retryMs = Math.min(retryMs * 2, retryMsMax);
  }

  return {
    due,
    async stop() {
      isStopped = true;
      clearTimeout(gathering);
      clearTimeout(retrying);
      await underWay;
    },
  };
}
