/**
 * Keeps what devices say of an alert until whoever sent it has read it (docs/adr/0026): content-free, one request for each
 * receipt, durable whatever becomes of the sender's device. The homeserver is asked whether there is such a message and
 * who sent it; nobody says so in its place.
 */
import type { AlertReceipt, RecordedReceipt } from '#contract/alert-receipts.ts';
import type { UserId } from '#contract/ids.ts';
import type { MessageReader, RoomMemberReader } from '#appservice/matrix/ports.ts';
import type { Alert, AlertRecords } from './alert-records.ts';

export interface AlertDesk {
  /** null: it is kept. Throws HomeserverError if the homeserver does not answer. */
  record(alert: Alert, receipt: AlertReceipt, userId: UserId): Promise<'alert.unknown' | null>;
  /** Everything said of the alert for its sender, their own for others. Throws HomeserverError if the homeserver does not answer. */
  read(alert: Alert, reader: UserId): Promise<readonly RecordedReceipt[] | 'alert.unknown'>;
}

export interface AlertDeskOptions {
  readonly records: AlertRecords;
  readonly homeserver: MessageReader & RoomMemberReader;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Whoever was in the room at some time may have read the alert, and may say so after leaving. */
const memberships: ReadonlySet<string | null> = new Set(['join', 'leave']);

export function createAlertDesk({ records, homeserver, now }: AlertDeskOptions): AlertDesk {
  async function senderOf(alert: Alert): Promise<string | null> {
    const known = await records.senderOf(alert);
    if (known !== null) return known;
    const message = await homeserver.readMessage(alert.roomId, alert.eventId);
    // What a device says of an alert after its end is not kept.
    if (message === null || message.isDeleted) return null;
    await records.begin(alert, message);
    return message.sender;
  }

  async function isReader({ roomId, eventId }: Alert, userId: UserId): Promise<boolean> {
    if (await records.hasReceiptOf(eventId, userId)) return true;
    return memberships.has(await homeserver.readMembership(roomId, userId));
  }

  return {
    async record(alert, receipt, userId) {
      if ((await senderOf(alert)) === null || !(await isReader(alert, userId))) return 'alert.unknown';
      await records.add(alert.eventId, { ...receipt, userId, recordedAt: now() });
      return null;
    },
    async read(alert, reader) {
      const sender = await senderOf(alert);
      if (sender === null) return 'alert.unknown';
      const receipts = await records.receiptsOf(alert.eventId);
      return sender === reader ? receipts : receipts.filter(({ userId }) => userId === reader);
    },
  };
}
