/** How far the run under way has come, how fast it is, and how long it still takes; for whoever watches it. */
import type { Run } from '#contract/runs.ts';
import type { RunOpening } from './journal.ts';

export interface RunProgress {
  /** Begins a run. The one before has ended. */
  begin(run: string, opening: RunOpening): void;
  /** One change has its outcome. */
  note(isFailed: boolean): void;
  end(state: Exclude<Run['state'], 'running'>): void;
  /** The run under way, or the one that ended last; null before the first. */
  current(): Run | null;
  /** Calls `onChange` at each change of `current()`. Answers how to end that. */
  watch(onChange: (run: Run) => void): () => void;
}

/** Long enough to be steady, short enough to follow a homeserver that slows down. */
const paceMs = 30_000;

export function createRunProgress(now: () => number): RunProgress {
  const watchers = new Set<(run: Run) => void>();
  let current: Run | null = null;
  let outcomesAt: number[] = [];

  function publish(next: Run): void {
    current = next;
    for (const watcher of watchers) watcher(next);
  }

  return {
    begin(run, { revision, purpose, changes }) {
      outcomesAt = [];
      const startedAt = new Date(now()).toISOString();
      const counts = { done: 0, total: changes.length, failed: 0, ratePerSecond: null, remainingMs: null };
      publish({ id: run, revision, purpose, state: 'running', ...counts, startedAt, endedAt: null });
    },
    note(isFailed) {
      if (current === null) return;
      const at = now();
      outcomesAt = [...outcomesAt.filter((earlier) => earlier > at - paceMs), at];
      const done = current.done + 1;
      const sinceMs = Math.min(paceMs, at - Date.parse(current.startedAt));
      const pace = paceOf(outcomesAt.length, sinceMs, current.total - done);
      publish({ ...current, ...pace, done, failed: current.failed + (isFailed ? 1 : 0) });
    },
    end(state) {
      if (current === null) return;
      const endedAt = new Date(now()).toISOString();
      publish({ ...current, state, ratePerSecond: null, remainingMs: null, endedAt });
    },
    current: () => current,
    watch(onChange) {
      watchers.add(onChange);
      return () => void watchers.delete(onChange);
    },
  };
}

function paceOf(outcomes: number, elapsedMs: number, left: number): Pick<Run, 'ratePerSecond' | 'remainingMs'> {
  if (elapsedMs <= 0) return { ratePerSecond: null, remainingMs: null };
  const ratePerSecond = outcomes / (elapsedMs / 1000);
  return { ratePerSecond, remainingMs: Math.ceil((left / ratePerSecond) * 1000) };
}
