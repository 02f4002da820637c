/** Who may have an organisation drafted from the homeserver. Each draft leaves a row in the audit trail. */
import type { Draft } from '#contract/draft.ts';
import type { ServerName, UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import { authorityOf } from '#appservice/authority/authority.ts';
import { wholeDomain } from '#appservice/authority/place.ts';
import type { Survey } from '#appservice/matrix/survey.ts';
import { readRemovals } from '#appservice/moderation/removals.ts';
import type { Store } from '#appservice/store/open-store.ts';
import { draftOrganisation } from './draft-organisation.ts';

export interface DraftDesk {
  /** Throws a HomeserverError if the homeserver does not say what it has. */
  draft(reader: UserId): Promise<Draft | 'scope.exceeded'>;
}

export interface DraftDeskOptions {
  readonly survey: () => Promise<Survey>;
  readonly store: Pick<Store, 'db' | 'transaction'>;
  readonly serverName: ServerName;
  /** The declaration in force. */
  readonly organisation: () => Organisation;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createDraftDesk({ survey, store, serverName, organisation, now }: DraftDeskOptions): DraftDesk {
  return {
    async draft(reader) {
      const inForce = organisation();
      // A draft shows every room of the homeserver, also of bodies that the reader has no say in.
      if (!authorityOf(inForce).covers(reader, 'provisioner', [wholeDomain])) return 'scope.exceeded';
      const draft = draftOrganisation(await survey(), { inForce, serverName, removals: await readRemovals(store.db) });
      const detail = { bodies: draft.organisation.bodies.length, findings: draft.findings.length };
      const row = { at: now(), actor: reader, action: 'organisation.drafted' as const, subject: serverName, detail };
      await store.transaction((transaction) => appendAudit(transaction, row));
      return draft;
    },
  };
}
