import { Counter, Histogram, type Registry } from 'prom-client';

export interface HomeserverMetrics {
  readonly eventsReceived: Counter;
  readonly eventsMalformed: Counter;
  readonly wallDecisions: Counter<'callback' | 'outcome'>;
  readonly wallSeconds: Histogram;
}

/** Names follow Prometheus' conventions: unit last, `_total` for counters. */
export function createHomeserverMetrics(registry: Registry): HomeserverMetrics {
  const registers = [registry];
  return {
    eventsReceived: new Counter({
      name: 'landbote_events_received_total',
      help: 'New events that the homeserver pushed.',
      registers,
    }),
    eventsMalformed: new Counter({
      name: 'landbote_events_malformed_total',
      help: 'Pushed events that were set aside because they are none.',
      registers,
    }),
    wallDecisions: new Counter({
      name: 'landbote_wall_decisions_total',
      help: 'Decisions of the policy by callback and outcome (allowed, or the rule that refused).',
      labelNames: ['callback', 'outcome'],
      registers,
    }),
    wallSeconds: new Histogram({
      name: 'landbote_wall_decision_seconds',
      help: 'Time a decision of the policy took.',
      buckets: [0.0005, 0.001, 0.005, 0.02, 0.1, 0.5, 2],
      registers,
    }),
  };
}
