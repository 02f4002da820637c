/**
 * What was said of an alert goes with its message. A pushed deletion is a hint: whether the homeserver has followed it, it
 * is asked, and asked again until it answers.
 */
import type { Logger } from 'pino';
import { z } from 'zod';
import { createRetryingTask } from '#appservice/apply/retrying-task.ts';
import type { PushedEvent } from '#appservice/matrix/bridge.ts';
import type { MessageReader } from '#appservice/matrix/ports.ts';
import { eventIdSchema, roomIdSchema, type EventId } from '#contract/ids.ts';
import type { Alert, AlertRecords } from './alert-records.ts';

export interface DeletedAlerts {
  /** Something has happened in a room. */
  noteEvent(event: PushedEvent): void;
  /** Begins no more and waits for what is under way. */
  stop(): Promise<void>;
}

export interface DeletedAlertsOptions {
  readonly records: Pick<AlertRecords, 'senderOf' | 'forget'>;
  readonly homeserver: MessageReader;
  readonly retryMsMax: number;
  readonly logger: Logger;
}

/** What is deleted stands in the content since room version 11, before that beside it. */
const deletionSchema = z.object({
  type: z.literal('m.room.redaction'),
  room_id: roomIdSchema,
  redacts: eventIdSchema.optional(),
  content: z.object({ redacts: eventIdSchema.optional() }),
});

export function createDeletedAlerts({ records, homeserver, retryMsMax, logger }: DeletedAlertsOptions): DeletedAlerts {
  const due = new Map<EventId, Alert>();
  const task = createRetryingTask({
    async work() {
      for (const alert of due.values()) {
        if (await isDeleted(alert)) await records.forget(alert);
        due.delete(alert.eventId);
      }
      return true;
    },
    failureMessage: 'could not ask whether an alert was deleted; trying again soon',
    retryMsMax,
    logger,
  });

  /** Few deletions are of alerts: only of those the homeserver is asked. */
  async function isDeleted(alert: Alert): Promise<boolean> {
    if ((await records.senderOf(alert)) === null) return false;
    const message = await homeserver.readMessage(alert.roomId, alert.eventId);
    return message === null || message.isDeleted;
  }

  return {
    noteEvent(event) {
      const deletion = deletionSchema.safeParse(event).data;
      const eventId = deletion?.content.redacts ?? deletion?.redacts;
      if (deletion === undefined || eventId === undefined) return;
      due.set(eventId, { roomId: deletion.room_id, eventId });
      task.due();
    },
    stop: () => task.stop(),
  };
}
