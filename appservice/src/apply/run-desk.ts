/** What people may see of runs and do with them. */
import type { Logger } from 'pino';
import type { Drift, Run, RunReport } from '#contract/runs.ts';
import type { UserId } from '#contract/ids.ts';
import { appendAudit, type AuditEntry } from '#appservice/audit/append-audit.ts';
import type { Store } from '#appservice/store/open-store.ts';
import { listDrift } from './drift-records.ts';
import type { Provisioner } from './provisioner.ts';
import { listRuns, readReport, readRun, resumeRun } from './run-records.ts';

export interface RunDesk {
  /** The newest first. */
  list(): Promise<readonly Run[]>;
  /** null if there is no such run. */
  report(run: string): Promise<RunReport | null>;
  /**
   * Calls `onRun` with the run as it is, and again at each change until it has ended. Answers how to end that; null if
   * there is no such run.
   */
  watch(run: string, onRun: (run: Run) => void): Promise<(() => void) | null>;
  /** Stops a run between two changes. Answers whether it was under way. */
  cancel(run: string, actor: UserId): Promise<boolean>;
  /** Carries out what a cancelled run left. Answers whether the run had been cancelled. */
  resume(run: string, actor: UserId): Promise<boolean>;
  drift(): Promise<Drift>;
  /** Makes as declared also what weakens nothing, beside the answer. */
  repairReported(actor: UserId): Promise<void>;
}

export interface RunDeskOptions {
  readonly store: Pick<Store, 'db' | 'transaction'>;
  readonly provisioner: Pick<Provisioner, 'repairReported' | 'runs'>;
  /** Called when there is something to be carried out. */
  readonly onDue: () => void;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createRunDesk({ store, provisioner, onDue, logger, now }: RunDeskOptions): RunDesk {
  const { progress, cancel } = provisioner.runs;

  async function note(entry: Pick<AuditEntry, 'action' | 'actor' | 'subject'>): Promise<void> {
    await store.transaction((transaction) => appendAudit(transaction, { ...entry, at: now(), detail: {} }));
  }

  return {
    list: async () => (await listRuns(store.db)).map((run) => latest(run, progress.current())),
    async report(id) {
      const report = await readReport(store.db, id);
      return report === null ? null : { ...report, run: latest(report.run, progress.current()) };
    },
    async watch(id, onRun) {
      const stored = await readRun(store.db, id);
      if (stored === null) return null;
      const unwatch = progress.watch((run) => {
        if (run.id === id) onRun(run);
      });
      onRun(latest(stored, progress.current()));
      return unwatch;
    },
    async cancel(id, actor) {
      const current = progress.current();
      if (current?.id !== id || current.state !== 'running') return false;
      await note({ action: 'run.cancelled', actor, subject: id });
      return cancel(id);
    },
    async resume(id, actor) {
      const isResumed = await store.transaction(async (transaction) => {
        if (!(await resumeRun(transaction, id))) return false;
        await appendAudit(transaction, { at: now(), actor, action: 'run.resumed', subject: id, detail: {} });
        return true;
      });
      if (isResumed) onDue();
      return isResumed;
    },
    drift: () => listDrift(store.db),
    async repairReported(actor) {
      await note({ action: 'drift.repair-requested', actor, subject: 'drift' });
      provisioner.repairReported().catch((error: unknown) => logger.warn({ err: error }, 'could not repair drift'));
    },
  };
}

/** What is known in memory is newer than what stands in the database, and knows the pace. */
function latest(stored: Run, current: Run | null): Run {
  return current?.id === stored.id ? current : stored;
}
