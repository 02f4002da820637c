/**
 * One tab at a time works with the keys of this device: two writers would damage their store.
 * `take` ends the other tab's turn.
 */
const lockName = 'landbote-session';

export interface Turn {
  /** Resolves to false if another tab is at work. */
  tryTake(lost: () => void): Promise<boolean>;
  take(lost: () => void): Promise<void>;
}

export const browserTurn: Turn = {
  tryTake: (lost) => request({ ifAvailable: true }, lost),
  take: async (lost) => void (await request({ steal: true }, lost)),
};

function request(options: LockOptions, lost: () => void): Promise<boolean> {
  return new Promise((resolve) => {
    navigator.locks
      .request(lockName, options, (lock) => {
        resolve(lock !== null);
        // Held until the tab closes or another one takes over.
        return lock === null ? undefined : new Promise<void>(() => undefined);
      })
      .catch(lost);
  });
}
