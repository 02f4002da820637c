/** What runs, repairs and approvals share: the revision in force and the means to make it real. */
import type { Organisation } from '#contract/organisation.ts';
import type { Homeserver } from '#appservice/matrix/ports.ts';
import { computeDesiredState, type DesiredState } from '../reconciler/desired-state.ts';
import { createObserver, type Observer } from './observer.ts';
import { createOutstandingInvitations, type OutstandingInvitations } from './outstanding-invitations.ts';
import { createPlanRunner, type PlanRunner, type RunnerOptions } from './plan-runner.ts';
import { revisionInForce, type Revision } from './revisions.ts';
import type { WorldOptions } from './world.ts';

export interface WorkshopOptions extends WorldOptions, RunnerOptions {
  readonly homeserver: Homeserver;
  readonly store: WorldOptions['store'];
  /** Called when a run leaves invitations of other homeservers' people to be sent. */
  readonly onOutstanding: () => void;
  /** Called when there is something to be carried out. */
  readonly onDue: () => void;
}

export interface Workshop {
  readonly options: WorkshopOptions;
  readonly observer: Observer;
  readonly outstanding: OutstandingInvitations;
  readonly runner: PlanRunner;
  /** What a declaration wants, without conversations. */
  readonly desiredOf: (organisation: Organisation) => DesiredState;
  inForce: Revision;
  /** Whether the last look at everything left nothing to do on the own homeserver. */
  isSettledHere: boolean;
}

export async function openWorkshop(options: WorkshopOptions): Promise<Workshop> {
  const inForce = await revisionInForce(options.store.db);
  if (inForce === null) throw new Error('The database has revisions, but none is in force.');
  const outstanding = createOutstandingInvitations();
  return {
    options,
    observer: createObserver(options),
    outstanding,
    runner: createPlanRunner(options, outstanding),
    desiredOf: rememberDesired(options),
    inForce,
    isSettledHere: false,
  };
}

/** Computed once for a declaration: a hint about one room must not cost a look at all people. */
function rememberDesired({ serverName }: WorkshopOptions): Workshop['desiredOf'] {
  let known: { readonly of: Organisation; readonly desired: DesiredState } | null = null;
  return (organisation) => {
    if (known?.of !== organisation) {
      known = { of: organisation, desired: computeDesiredState(organisation, serverName) };
    }
    return known.desired;
  };
}
