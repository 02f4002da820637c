/** When to turn to the other homeservers of the domain: beside the runs, so that one which does not answer holds up none. */
import type { Logger } from 'pino';
import type { UserId } from '#contract/ids.ts';
import { acceptanceOf, type AcceptInvitations } from './acceptance.ts';
import { createRetryingTask } from './retrying-task.ts';

export interface OtherServersOptions {
  /** Sends what waits for other homeservers. Answers how many people still wait. */
  readonly inviteElsewhere: () => Promise<number>;
  readonly acceptInvitations: AcceptInvitations;
  readonly sweepIntervalMs: number;
  readonly logger: Logger;
}

export interface OtherServersLoop {
  /** A look at everything has ended. */
  sweep(): void;
  /** This person was invited from another homeserver of the domain. */
  hintInvitation(person: UserId): void;
  /** There are invitations to be sent to other homeservers. */
  hintOutstanding(): void;
  /** Begins no more and waits for what is under way. */
  stop(): Promise<void>;
}

export function createOtherServersLoop(options: OtherServersOptions): OtherServersLoop {
  const { sweepIntervalMs: retryMsMax, logger } = options;
  const acceptance = acceptanceOf(options.acceptInvitations);
  let isSweptOnce = false;
  const inviting = createRetryingTask({
    work: async () => (await options.inviteElsewhere()) === 0,
    failureMessage: 'could not invite people of other homeservers; trying again soon',
    retryMsMax,
    logger,
  });
  const accepting = createRetryingTask({
    work: acceptance.accept,
    failureMessage: 'could not accept invitations of other homeservers; trying again soon',
    retryMsMax,
    logger,
  });
  return {
    sweep() {
      isSweptOnce = true;
      acceptance.addExpected();
      accepting.due();
    },
    hintInvitation(person) {
      acceptance.addHinted(person);
      // Before the first sweep there may be no account that could be joined.
      if (isSweptOnce) accepting.due();
    },
    hintOutstanding: () => inviting.due(),
    async stop() {
      await Promise.all([inviting.stop(), accepting.stop()]);
    },
  };
}
