import { isOver } from './agreement.ts';
import type { AgreementBook } from './agreement-book.ts';

/** A timer waits no longer than this, in milliseconds; a later end is looked at again then. */
const waitMsMax = 24 * 60 * 60 * 1000;

export interface ClosingTime {
  /** Takes the next end date from the book. */
  set(): void;
  stop(): void;
}

/** Calls `onClosing` when an agreement's end date has come. */
export function createClosingTime(book: AgreementBook, now: () => number, onClosing: () => void): ClosingTime {
  let timer: NodeJS.Timeout | undefined;
  return {
    set() {
      clearTimeout(timer);
      const running = book.all().filter((agreement) => !isOver(agreement, now()));
      const ends = running.map(({ terms }) => Date.parse(terms.endsAt));
      if (ends.length > 0) timer = setTimeout(onClosing, Math.min(Math.max(Math.min(...ends) - now(), 0), waitMsMax));
    },
    stop: () => clearTimeout(timer),
  };
}
