/**
 * Conversations in the database. The intent is written before the room is made, with its audit row in the same
 * transaction; the room after. So a crash leaves an intent without a room, which the next request or the
 * reconciler completes, and never a room that nobody knows.
 */
import { canonicalize } from 'json-canonicalize';
import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import { roomIdSchema, userIdSchema, type RoomId } from '#contract/ids.ts';
import { appendAudit, type AuditEntry } from '#appservice/audit/append-audit.ts';
import type { ConversationTable, Database } from '#appservice/store/schema.ts';
import type { Conversation } from './conversation-intent.ts';

export interface RecordedIntent {
  readonly conversation: Conversation;
  /** false if it stood already; then its room may exist, recorded or not. */
  readonly isNew: boolean;
}

export interface ConversationRecords {
  /**
   * Writes the intent, or answers the one that stands already: the same direct chat, or a group of the same creator,
   * name and people that has no room yet (a repeated request after a failure).
   */
  recordIntent(conversation: Conversation): Promise<RecordedIntent>;
  /** Whether the intent of this direct chat stands already. */
  knowsDirectChat(directKey: string): Promise<boolean>;
  roomOf(address: string): Promise<RoomId | null>;
  /** Every room of the inventory. */
  allRooms(): Promise<ReadonlySet<RoomId>>;
  recordRoom(conversation: Conversation, roomId: RoomId): Promise<void>;
}

export function createConversationRecords(database: Kysely<Database>, now: () => number): ConversationRecords {
  return {
    recordIntent: (conversation) =>
      database.transaction().execute(async (transaction) => {
        const unfinished = await findUnfinishedGroup(transaction, conversation);
        if (unfinished !== undefined) return { conversation: conversationOf(unfinished), isNew: false };
        // A concurrent request may have written the same direct chat: then nothing is inserted, and theirs is read.
        const { numInsertedOrUpdatedRows: inserted } = await transaction
          .insertInto('conversation')
          .values(rowOf(conversation, now()))
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirstOrThrow();
        if (inserted === 0n) return { conversation: await readDirectChat(transaction, conversation), isNew: false };
        await appendAudit(transaction, auditEntry('conversation.requested', conversation, now()));
        return { conversation, isNew: true };
      }),
    async knowsDirectChat(directKey) {
      const row = await database
        .selectFrom('conversation')
        .select('address')
        .where('direct_key', '=', directKey)
        .executeTakeFirst();
      return row !== undefined;
    },
    async roomOf(address) {
      const row = await database.selectFrom('room').select('room_id').where('address', '=', address).executeTakeFirst();
      return row === undefined ? null : roomIdSchema.parse(row.room_id);
    },
    async allRooms() {
      const rows = await database.selectFrom('room').select('room_id').execute();
      return new Set(rows.map((row) => roomIdSchema.parse(row.room_id)));
    },
    recordRoom: (conversation, roomId) =>
      database.transaction().execute(async (transaction) => {
        const { address } = conversation;
        await transaction
          .insertInto('room')
          .values({ address, room_id: roomId, class: conversation.class, created_at: now() })
          .execute();
        await appendAudit(transaction, auditEntry('conversation.created', conversation, now(), { roomId }));
      }),
  };
}

async function readDirectChat(transaction: Transaction<Database>, { directKey }: Conversation): Promise<Conversation> {
  const row = await transaction
    .selectFrom('conversation')
    .selectAll()
    .where('direct_key', '=', directKey)
    .executeTakeFirstOrThrow();
  return conversationOf(row);
}

async function findUnfinishedGroup(
  transaction: Transaction<Database>,
  conversation: Conversation,
): Promise<ConversationTable | undefined> {
  if (conversation.class !== 'gruppe') return undefined;
  return transaction
    .selectFrom('conversation')
    .selectAll('conversation')
    .leftJoin('room', 'room.address', 'conversation.address')
    .where('room.address', 'is', null)
    .where('conversation.class', '=', conversation.class)
    .where('created_by', '=', conversation.createdBy)
    .where('name', '=', conversation.name)
    .where('members', '=', canonicalize(conversation.members))
    .executeTakeFirst();
}

function rowOf(conversation: Conversation, createdAt: number): ConversationTable {
  return {
    address: conversation.address,
    class: conversation.class,
    name: conversation.name,
    created_by: conversation.createdBy,
    members: canonicalize(conversation.members),
    direct_key: conversation.directKey,
    created_at: createdAt,
  };
}

/** A row as the conversation it stands for. */
export function conversationOf(row: ConversationTable): Conversation {
  return {
    address: row.address,
    class: row.class,
    name: row.name,
    createdBy: userIdSchema.parse(row.created_by),
    members: z.array(userIdSchema).parse(JSON.parse(row.members)),
    directKey: row.direct_key,
  };
}

function auditEntry(
  action: 'conversation.requested' | 'conversation.created',
  { createdBy: actor, address: subject, class: className, members }: Conversation,
  at: number,
  further: Readonly<Record<string, unknown>> = {},
): AuditEntry {
  return { at, actor, action, subject, detail: { class: className, members, ...further } };
}
