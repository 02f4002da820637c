import { z } from 'zod';
import { eventIdSchema } from '#contract/ids.ts';

/** An event in client format: as much is checked as is needed to store it and to know where to look again. */
const pushedEventSchema = z.looseObject({
  event_id: eventIdSchema,
  room_id: z.string().max(255),
  type: z.string().max(255),
  sender: z.string().max(255),
  state_key: z.string().max(255).optional(),
});

export type PushedEvent = z.infer<typeof pushedEventSchema>;

/** null if it is no event: one bad event must not hold up the others of its transaction. */
export function parsePushedEvent(event: unknown): PushedEvent | null {
  return pushedEventSchema.safeParse(event).data ?? null;
}
