/**
 * Writes refusals to the audit trail without letting an attacker fill it: the first refusal of its kind is written
 * at once, identical ones within a minute are counted and written as one row with their number.
 */
import type { RefusalRule } from './decide.ts';
import type { ObservedRule } from './observed/observed-refusal.ts';
import type { ReportedRule } from './reported-refusal.ts';
import type { WallCallback } from './wall-request.ts';

export interface Refusal {
  /** `rules`: the rules inside the homeserver refused, and reported it. `log`: the homeserver refused by itself. */
  readonly callback: WallCallback | 'rules' | 'log';
  readonly rule: RefusalRule | ReportedRule | ObservedRule;
  /** Who tried; null if the request did not even say so. */
  readonly attacker: string | null;
  readonly room: string | null;
}

/** Writes one audit row; `times` says for how many identical refusals it stands. */
export type WriteRefusal = (refusal: Refusal, times: number) => Promise<void>;

export interface RefusalLedger {
  record(refusal: Refusal): Promise<void>;
  /** Writes what was counted in windows that are over. Called by a timer. */
  writeCounted(): Promise<void>;
  /** Writes everything that was counted, before the end. */
  settle(): Promise<void>;
}

interface Window {
  readonly refusal: Refusal;
  readonly endsAt: number;
  uncounted: number;
}

const windowMs = 60_000;
/**
 * `now` answers milliseconds since 1970.
 * @param distinctMax beyond so many different refusals a window, the rest is counted by callback and rule alone
 */
export function createRefusalLedger(write: WriteRefusal, now: () => number, distinctMax = 1_000): RefusalLedger {
  const windows = new Map<string, Window>();

  async function record(refusal: Refusal): Promise<void> {
    const counted = windows.size < distinctMax ? refusal : { ...refusal, attacker: null, room: null };
    const open = windows.get(keyOf(refusal)) ?? windows.get(keyOf(counted));
    if (open !== undefined && open.endsAt > now()) {
      open.uncounted += 1;
      return;
    }
    windows.set(keyOf(counted), { refusal: counted, endsAt: now() + windowMs, uncounted: 0 });
    await writeUncounted(open);
    await write(counted, 1);
  }

  async function writeUncounted(window: Window | undefined): Promise<void> {
    if (window !== undefined && window.uncounted > 0) await write(window.refusal, window.uncounted);
  }

  async function close(isOver: (window: Window) => boolean): Promise<void> {
    const over = [...windows].filter(([, window]) => isOver(window));
    for (const [key] of over) windows.delete(key);
    for (const [, window] of over) await writeUncounted(window);
  }

  return {
    record,
    writeCounted: () => close(({ endsAt }) => endsAt <= now()),
    settle: () => close(() => true),
  };
}

function keyOf({ callback, rule, attacker, room }: Refusal): string {
  return JSON.stringify([callback, rule, attacker, room]);
}
