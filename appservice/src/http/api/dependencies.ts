import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { PlanDetail, PlanSummary } from '#contract/governance.ts';
import type { ServerName, UserId } from '#contract/ids.ts';
import type { PlannedChange, PlannedChangesPage, PlannedRequests } from '#contract/planned-change.ts';
import type { Organisation } from '#contract/organisation.ts';
import type { AlertDesk } from '#appservice/alerts/alert-desk.ts';
import type { AgreementDesk } from '#appservice/agreements/agreement-desk.ts';
import type { PartnerDesk } from '#appservice/agreements/partner-desk.ts';
import type { RunDesk } from '#appservice/apply/run-desk.ts';
import type { ApprovalRefusal } from '#appservice/apply/approval.ts';
import type { AuditDesk } from '#appservice/audit/audit-desk.ts';
import type { RevisionDesk } from '#appservice/authority/revision-desk.ts';
import type { ConversationStarter } from '#appservice/conversations/conversation-starter.ts';
import type { DeliveryDesk } from '#appservice/deliveries/delivery-desk.ts';
import type { DraftDesk } from '#appservice/dump/draft-desk.ts';
import type { Moderation } from '#appservice/moderation/moderation.ts';
import type { OpenIdVerifier } from '#appservice/matrix/ports.ts';
import type { PeopleDirectory } from '#appservice/people/people-directory.ts';
import type { Database } from '#appservice/store/schema.ts';
import type { RateLimits } from './rate-limits.ts';

/** How far the appservice has come since it started. */
export interface Progress {
  readonly state: 'standby' | 'starting' | 'reconciling' | 'ready';
  readonly done: number;
  readonly total: number;
}

export interface ApiDependencies {
  readonly serverName: ServerName;
  /** Origins of the client, exactly as browsers send them. */
  readonly clientOrigins: readonly string[];
  readonly database: Kysely<Database>;
  /** The declaration in force at this moment, with its people. */
  readonly organisation: () => Organisation;
  readonly people: () => PeopleDirectory;
  readonly openId: OpenIdVerifier;
  readonly conversations: Pick<ConversationStarter, 'start'>;
  readonly plans: {
    readonly list: () => Promise<readonly PlanSummary[]>;
    readonly read: (digest: string) => Promise<PlanDetail | null>;
    /** null: there is no such plan, or nobody can carry it out any more. */
    readonly changes: (digest: string, page: PlannedChangesPage) => Promise<readonly PlannedChange[] | null>;
    readonly requests: (digest: string) => Promise<PlannedRequests['requests'] | null>;
    readonly approve: (digest: string, approver: UserId) => Promise<PlanSummary | ApprovalRefusal>;
  };
  readonly revisions: RevisionDesk;
  readonly audit: AuditDesk;
  readonly agreements: AgreementDesk;
  readonly partners: PartnerDesk;
  readonly deliveries: DeliveryDesk;
  readonly drafts: DraftDesk;
  readonly runs: RunDesk;
  readonly moderation: Moderation;
  readonly alerts: AlertDesk;
  /** How much one person and one address may ask; the usual unless given. */
  readonly limits?: RateLimits;
  readonly progress: () => Progress;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
