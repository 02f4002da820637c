/**
 * Contents of our own in Matrix events.
 */
import { z } from 'zod';
import { slugSchema } from './ids.ts';
import { roomClassNameSchema } from './room-class.ts';

/**
 * Key in the content of `m.room.create`. The create event is immutable, so domain, class and address at birth
 * cannot be changed by anybody, and an inventory can be rebuilt from rooms alone. Also part of an invitation's
 * stripped state, so the invited side can judge it.
 */
export const roomOriginKey = 'de.landbote.room';

export const roomOriginSchema = z.object({
  /** Trust domain that created the room. */
  domain: slugSchema,
  /** `space` stands beside the classes: a space holds no messages. */
  class: z.union([roomClassNameSchema, z.literal('space')]),
  /** Where the room stands in the declaration (`room/hmdf/referat-3-4`), or `conversation/<uuid>` for direct chats and groups. */
  address: z.string().min(1).max(200),
  /** The body that owns it; null for direct chats and groups. */
  body: slugSchema.nullable(),
  /** When the agreement ends that a joint room belongs to, and the room with it. Absent in all other rooms. */
  endsAt: z.iso.datetime().optional(),
});
export type RoomOrigin = z.infer<typeof roomOriginSchema>;
