/** What people may see of runs and do with them: only where their role holds at everything that a run touches. */
import type { Logger } from 'pino';
import type { Drift, Run, RunReport } from '#contract/runs.ts';
import type { UserId } from '#contract/ids.ts';
import { appendAudit, type AuditEntry } from '#appservice/audit/append-audit.ts';
import type { Store } from '#appservice/store/open-store.ts';
import { authorityOf } from '../authority/authority.ts';
import { createPlaceFinder } from '../authority/place-of-address.ts';
import { wholeDomain } from '../authority/place.ts';
import { listDrift } from './drift-records.ts';
import type { Provisioner } from './provisioner.ts';
import { addressesOfRun, listRuns, readReport, readRun, resumeRun } from './run-records.ts';

export type RunRefusal = 'run.not-cancelled' | 'run.not-running' | 'run.unknown' | 'scope.exceeded';

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
  /** Stops a run between two changes. null: done. */
  cancel(run: string, actor: UserId): Promise<RunRefusal | null>;
  /** Carries out what a cancelled run left. null: done. */
  resume(run: string, actor: UserId): Promise<RunRefusal | null>;
  drift(): Promise<Drift>;
  /** Makes as declared also what weakens nothing, where the actor may approve, and beside the answer. null: so be it. */
  repairReported(actor: UserId): Promise<'scope.exceeded' | null>;
}

export interface RunDeskOptions {
  readonly store: Pick<Store, 'db' | 'transaction'>;
  readonly provisioner: Pick<Provisioner, 'organisation' | 'repairReported' | 'runs'>;
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

  /** Who may decide about a part of what a run does decides nothing about the rest. */
  async function refusalOf(run: string, actor: UserId): Promise<RunRefusal | null> {
    if ((await readRun(store.db, run)) === null) return 'run.unknown';
    const organisation = provisioner.organisation();
    const placeOf = createPlaceFinder(organisation);
    const places = (await addressesOfRun(store.db, run)).map((address) => placeOf(address) ?? wholeDomain);
    const { covers } = authorityOf(organisation);
    return covers(actor, 'provisioner', places) || covers(actor, 'approver', places) ? null : 'scope.exceeded';
  }

  function reachOf(actor: UserId): (address: string) => boolean {
    const organisation = provisioner.organisation();
    const placeOf = createPlaceFinder(organisation);
    const authority = authorityOf(organisation);
    return (address) => authority.covers(actor, 'approver', [placeOf(address) ?? wholeDomain]);
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
      const refusal = await refusalOf(id, actor);
      if (refusal !== null) return refusal;
      const current = progress.current();
      if (current?.id !== id || current.state !== 'running') return 'run.not-running';
      await note({ action: 'run.cancelled', actor, subject: id });
      return cancel(id) ? null : 'run.not-running';
    },
    async resume(id, actor) {
      const refusal = await refusalOf(id, actor);
      if (refusal !== null) return refusal;
      const isResumed = await store.transaction(async (transaction) => {
        if (!(await resumeRun(transaction, id))) return false;
        await appendAudit(transaction, { at: now(), actor, action: 'run.resumed', subject: id, detail: {} });
        return true;
      });
      if (isResumed) onDue();
      return isResumed ? null : 'run.not-cancelled';
    },
    drift: () => listDrift(store.db),
    async repairReported(actor) {
      const isWithin = reachOf(actor);
      const { differences } = await listDrift(store.db);
      if (differences.length > 0 && !differences.some(({ address }) => isWithin(address))) return 'scope.exceeded';
      await note({ action: 'drift.repair-requested', actor, subject: 'drift' });
      provisioner
        .repairReported(isWithin)
        .catch((error: unknown) => logger.warn({ err: error }, 'could not repair drift'));
      return null;
    },
  };
}

/** What is known in memory is newer than what stands in the database, and knows the pace. */
function latest(stored: Run, current: Run | null): Run {
  return current?.id === stored.id ? current : stored;
}
