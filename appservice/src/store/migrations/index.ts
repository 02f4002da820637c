/** All migrations, oldest first. What was released is never edited; a change of tables is a new migration. */
import type { StoreKind } from '../database-location.ts';
import type { Migrations } from '../migrate.ts';
import { foundation } from './0001-foundation.ts';
import { runs } from './0003-runs.ts';
import { approvals } from './0004-approvals.ts';
import { removals } from './0006-removals.ts';
import { plannedChanges } from './0007-planned-changes.ts';
import { agreements } from './0008-agreements.ts';
import { alerts } from './0009-alerts.ts';
import { numberedBy } from './numbered-by.ts';

export function migrationsFor(kind: StoreKind): Migrations {
  return {
    '0001-foundation': foundation(numberedBy(kind)),
    '0003-runs': runs,
    '0004-approvals': approvals,
    '0006-removals': removals,
    '0007-planned-changes': plannedChanges,
    '0008-agreements': agreements,
    '0009-alerts': alerts,
  };
}
