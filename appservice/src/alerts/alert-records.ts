/** Alerts and their receipts in the database. Adding what is there already changes nothing. */
import type { Kysely } from 'kysely';
import { alertReceiptKindSchema, alertReceiptsKeptMs, type RecordedReceipt } from '#contract/alert-receipts.ts';
import { userIdSchema, type EventId, type RoomId, type UserId } from '#contract/ids.ts';
import type { SentMessage } from '#appservice/matrix/ports.ts';
import type { Database } from '#appservice/store/schema.ts';

export interface Alert {
  readonly roomId: RoomId;
  readonly eventId: EventId;
}

export interface AlertRecords {
  /** null: nobody has said anything of it yet. */
  senderOf(alert: Alert): Promise<string | null>;
  begin(alert: Alert, message: SentMessage): Promise<void>;
  /** With everything that was said of it. */
  forget(alert: Alert): Promise<void>;
  hasReceiptOf(eventId: EventId, userId: UserId): Promise<boolean>;
  add(eventId: EventId, receipt: RecordedReceipt): Promise<void>;
  /** In the order in which they came in. */
  receiptsOf(eventId: EventId): Promise<readonly RecordedReceipt[]>;
}

export function createAlertRecords(database: Kysely<Database>): AlertRecords {
  return {
    async senderOf({ roomId, eventId }) {
      const row = await database
        .selectFrom('alert')
        .select('sender')
        .where('event_id', '=', eventId)
        .where('room_id', '=', roomId)
        .executeTakeFirst();
      return row?.sender ?? null;
    },
    async begin({ roomId, eventId }, { sender, sentAt }) {
      await database
        .insertInto('alert')
        .values({ event_id: eventId, room_id: roomId, sender, sent_at: sentAt })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async forget({ roomId, eventId }) {
      await database.deleteFrom('alert').where('event_id', '=', eventId).where('room_id', '=', roomId).execute();
    },
    async hasReceiptOf(eventId, userId) {
      const row = await database
        .selectFrom('alert_receipt')
        .select('user_id')
        .where('event_id', '=', eventId)
        .where('user_id', '=', userId)
        .executeTakeFirst();
      return row !== undefined;
    },
    async add(eventId, { userId, deviceId, kind, at, recordedAt }) {
      await database
        .insertInto('alert_receipt')
        .values({ event_id: eventId, user_id: userId, device_id: deviceId, kind, at, recorded_at: recordedAt })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async receiptsOf(eventId) {
      const rows = await database
        .selectFrom('alert_receipt')
        .selectAll()
        .where('event_id', '=', eventId)
        .orderBy('recorded_at')
        .execute();
      return rows.map((row) => ({
        userId: userIdSchema.parse(row.user_id),
        deviceId: row.device_id,
        kind: alertReceiptKindSchema.parse(row.kind),
        at: row.at,
        recordedAt: row.recorded_at,
      }));
    },
  };
}

/** Forgets alerts older than their rooms keep messages, with what was said of them. */
export async function forgetOldAlerts(database: Kysely<Database>, now: () => number): Promise<void> {
  await database
    .deleteFrom('alert')
    .where('sent_at', '<', now() - alertReceiptsKeptMs)
    .execute();
}
