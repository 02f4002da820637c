/**
 * Tables of the appservice's database, the same on SQLite and PostgreSQL (migrations/ creates them).
 * Times are milliseconds since 1970; JSON columns hold canonical JSON as text.
 */
import type { Generated } from 'kysely';

/** A version of the declaration. Exactly one is `approved` and in force; at most one waits; others were superseded. */
export interface RevisionTable {
  number: Generated<number>;
  digest: string;
  document: string;
  author: string;
  state: 'awaiting-approval' | 'approved' | 'superseded';
  created_at: number;
}

/** What carrying out a revision would do, as computed once. */
export interface PlanTable {
  digest: string;
  revision: number;
  document: string;
  state: 'awaiting-approval' | 'applying' | 'applied' | 'incomplete' | 'superseded';
  created_at: number;
}

/** What a plan does, in its order. */
interface PlannedChangeTable {
  plan: string;
  position: number;
  document: string;
}

/** Who has approved which plan. Several people may have to, and an approval is of exactly this plan. */
interface ApprovalTable {
  plan: string;
  approver: string;
  at: number;
}

/** Inventory: which Matrix room stands for which address. Only what stands here is ever changed or removed. */
interface RoomTable {
  address: string;
  room_id: string;
  class: string;
  created_at: number;
}

/** Direct chats and groups that people started; desired state that no file declares. */
export interface ConversationTable {
  address: string;
  class: 'direkt' | 'gruppe';
  name: string | null;
  created_by: string;
  /** Canonical JSON array of user ids, sorted. */
  members: string;
  /** For direct chats the two user ids, sorted: makes a second request find the first room. */
  direct_key: string | null;
  created_at: number;
}

/** Whom a moderator has put out of a room and nobody has let in again. */
interface RemovalTable {
  address: string;
  user_id: string;
}

/** Events that the homeserver pushed. Hints only: Synapse loses and reorders pushes. */
export interface InboxTable {
  event_id: string;
  content: string;
  received_at: number;
  handled_at: number | null;
}

interface SessionTable {
  token_hash: string;
  user_id: string;
  /** When the person proved who they are. */
  opened_at: number;
  expires_at: number;
}

/** Append-only; each row's hash covers the row before it. Only audit/append-audit.ts writes here. */
export interface AuditTable {
  /** From 1, without gaps. */
  sequence: number;
  at: number;
  actor: string;
  action: string;
  subject: string;
  detail: string;
  previous_hash: string;
  hash: string;
}

/** One row: the end of the audit chain. Its row lock makes concurrent appends queue. */
interface AuditHeadTable {
  id: 1;
  sequence: number;
  hash: string;
}

/** One carrying out of changes: of a revision that came into force, or of repairs of what drifted from it. */
export interface RunTable {
  id: string;
  revision: number;
  purpose: 'revision' | 'drift';
  /** `interrupted`: the process ended; what was left is found by the next comparison. */
  state: 'running' | 'done' | 'incomplete' | 'cancelled' | 'interrupted';
  changes: number;
  started_at: number;
  ended_at: number | null;
}

/** The changes of a run. What is about to be sent is written before it is sent (apply/journal.ts). */
export interface JournalTable {
  run: string;
  position: number;
  address: string;
  kind: string;
  user_id: string | null;
  /** `begun`: about to be sent, or sent. `unknown`: sent, and no answer came. */
  state: 'waiting' | 'begun' | 'applied' | 'failed' | 'skipped' | 'unknown';
  error: string | null;
  remedy: string | null;
  changed_at: number;
}

/** Which instance leads, and until when. */
interface LeaseTable {
  name: string;
  holder: string;
  expires_at: number;
}

/** Differences that weaken nothing: reported, and repaired when somebody says so. Canonical JSON in `found`, `declared`. */
export interface DriftTable {
  address: string;
  kind: string;
  /** Tells several differences of one kind at one address apart; empty where there is but one. */
  subject: string;
  found: string;
  declared: string;
  found_at: number;
}

/** An agreement with another trust domain. `terms`, `consents`, `people`, `heard` and `ended` hold canonical JSON. */
export interface AgreementTable {
  id: string;
  role: 'owner' | 'partner';
  terms: string;
  digest: string;
  consents: string;
  /** The partner's people, on the partner's side. */
  people: string | null;
  /** The newest statement of the other side. */
  heard: string | null;
  ended: string | null;
  /** On the owner's side. */
  room_id: string | null;
  closed_at: number | null;
  created_at: number;
}

/** Into which room a partner's bot has invited ours, so that the two can agree. */
interface LiaisonTable {
  /** The partner's trust domain. */
  partner: string;
  room_id: string;
}

/** A message that people's devices have said something of. */
interface AlertTable {
  event_id: string;
  room_id: string;
  sender: string;
  sent_at: number;
}

/** What one device said of an alert. The times are milliseconds since 1970: the device's own, and ours. */
interface AlertReceiptTable {
  event_id: string;
  user_id: string;
  device_id: string;
  kind: string;
  at: number;
  recorded_at: number;
}

export interface Database {
  revision: RevisionTable;
  plan: PlanTable;
  planned_change: PlannedChangeTable;
  approval: ApprovalTable;
  room: RoomTable;
  conversation: ConversationTable;
  removal: RemovalTable;
  inbox: InboxTable;
  run: RunTable;
  journal: JournalTable;
  lease: LeaseTable;
  drift: DriftTable;
  agreement: AgreementTable;
  liaison: LiaisonTable;
  alert: AlertTable;
  alert_receipt: AlertReceiptTable;
  session: SessionTable;
  audit: AuditTable;
  audit_head: AuditHeadTable;
}
