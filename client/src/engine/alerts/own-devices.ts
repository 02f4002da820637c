/**
 * Tells the person's other devices that an alert is answered, by a to-device message in the clear. It says no more than the
 * appservice is told anyway, and proves nothing: whoever gets it asks the appservice (docs/adr/0026).
 */
import { z } from 'zod';
import type { HomeserverApi } from '../matrix/homeserver-api.ts';

const messageType = 'de.landbote.alert.answered';

const contentSchema = z.object({ room_id: z.string(), event_id: z.string(), from_device: z.string() });

interface Device {
  readonly userId: string;
  readonly deviceId: string;
}

export interface AnsweredAlert {
  readonly roomId: string;
  readonly eventId: string;
}

/**
 * @param transactionId the same for the same answer: told again it is told once
 * @throws HomeserverError, UnreachableError
 */
export async function tellOwnDevices(
  api: HomeserverApi,
  { userId, deviceId }: Device,
  { roomId, eventId }: AnsweredAlert,
  transactionId: string,
): Promise<void> {
  const content: z.infer<typeof contentSchema> = { room_id: roomId, event_id: eventId, from_device: deviceId };
  await api.request('PUT', `/_matrix/client/v3/sendToDevice/${messageType}/${encodeURIComponent(transactionId)}`, {
    body: { messages: { [userId]: { '*': content } } },
  });
}

/** Alerts that another device of this person has answered, among messages to this one. */
export function answeredElsewhere(messages: readonly unknown[], own: Device): readonly AnsweredAlert[] {
  const told = z.object({ type: z.literal(messageType), sender: z.literal(own.userId), content: contentSchema });
  return messages
    .flatMap((message) => told.safeParse(message).data ?? [])
    .filter(({ content }) => content.from_device !== own.deviceId)
    .map(({ content }) => ({ roomId: content.room_id, eventId: content.event_id }));
}
