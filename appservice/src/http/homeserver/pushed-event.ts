import { canonicalize } from 'json-canonicalize';
import { z } from 'zod';
import { eventIdSchema, type EventId } from '#contract/ids.ts';

/** As much of an event as is needed to store it and to know where to look again. */
const pushedEventSchema = z.looseObject({
  event_id: eventIdSchema,
  room_id: z.string().max(255),
  type: z.string().max(255),
  sender: z.string().max(255),
  state_key: z.string().max(255).optional(),
});

/** An event as it goes into the inbox. */
export interface PushedEvent {
  readonly eventId: EventId;
  readonly roomId: string;
  readonly type: string;
  /** The whole event as canonical JSON. */
  readonly content: string;
}

/** null if it is no event: one bad event must not hold up the others of its transaction. */
export function parsePushedEvent(event: unknown): PushedEvent | null {
  const parsed = pushedEventSchema.safeParse(event);
  if (!parsed.success) return null;
  const { event_id: eventId, room_id: roomId, type } = parsed.data;
  return { eventId, roomId, type, content: canonicalize(parsed.data) };
}
