import { Counter, Gauge, type Registry } from 'prom-client';

export interface ReconcileMetrics {
  readonly runs: Counter<'purpose' | 'outcome'>;
  readonly changes: Counter<'kind' | 'action'>;
  readonly driftReported: Gauge;
  readonly sweepSeconds: Gauge;
  readonly sweepEnded: Gauge;
}

/** Since the process began. Names follow Prometheus' conventions: unit last, `_total` for counters. */
export function createReconcileMetrics(registry: Registry): ReconcileMetrics {
  const registers = [registry];
  return {
    runs: new Counter({
      name: 'landbote_runs_total',
      help: 'Runs that ended, by purpose (revision, drift) and outcome.',
      labelNames: ['purpose', 'outcome'],
      registers,
    }),
    changes: new Counter({
      name: 'landbote_changes_total',
      help: 'Changes by kind and what the audit trail says of them (change.applied, drift.repaired, change.failed).',
      labelNames: ['kind', 'action'],
      registers,
    }),
    driftReported: new Gauge({
      name: 'landbote_drift_reported',
      help: 'Differences that weaken nothing and are left as they are, at this moment.',
      registers,
    }),
    sweepSeconds: new Gauge({
      name: 'landbote_sweep_seconds',
      help: 'Time the last look at everything took, with what it carried out.',
      registers,
    }),
    sweepEnded: new Gauge({
      name: 'landbote_sweep_ended_timestamp_seconds',
      help: 'When the last look at everything ended, in seconds since 1970.',
      registers,
    }),
  };
}
