/**
 * Tables of the appservice's database, the same on SQLite and PostgreSQL (migrations/ creates them).
 * Times are milliseconds since 1970; JSON columns hold canonical JSON as text.
 */
import type { Generated } from 'kysely';

/** A version of the declaration. Exactly one is `approved` and in force; others wait or were superseded. */
interface RevisionTable {
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

export interface Database {
  revision: RevisionTable;
  plan: PlanTable;
  room: RoomTable;
  conversation: ConversationTable;
  inbox: InboxTable;
  session: SessionTable;
  audit: AuditTable;
  audit_head: AuditHeadTable;
}
