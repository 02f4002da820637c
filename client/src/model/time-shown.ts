import { createSubscriber } from 'svelte/reactivity';
import type { Clock } from '../platform/platform.ts';

const minuteMs = 60_000;

/** The time in milliseconds since the epoch; whatever shows it is shown anew every minute. */
export function timeShown(clock: Clock): () => number {
  const follow = createSubscriber((update) => {
    let cancel: () => void;
    const wait = (): void => {
      cancel = clock.after(minuteMs, () => {
        wait();
        update();
      });
    };
    wait();
    return () => cancel();
  });
  return () => {
    follow();
    return clock.now();
  };
}
