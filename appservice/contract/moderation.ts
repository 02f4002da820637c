/**
 * What moderators do in declared rooms, under `/api/v1`, shared with the client. Who is one: role `moderator`, for the
 * rooms of the places where it holds. Each wants a reason, which the people in the room and the audit trail see.
 *
 * | request                            | body              | answer                                          |
 * | ---------------------------------- | ----------------- | ----------------------------------------------- |
 * | `POST /rooms/:room/redactions`     | `redactionSchema` | 204; the message is gone for everybody          |
 * | `POST /rooms/:room/removals`       | `removalSchema`   | 204; the person is out, and is not brought back |
 * | `POST /rooms/:room/readmissions`   | `removalSchema`   | 204; the person may come in again               |
 */
import { z } from 'zod';
import { eventIdSchema, roomIdSchema, userIdSchema } from './ids.ts';

const reason = z.string().trim().min(1).max(500);

export const moderatedRoomSchema = z.object({ room: roomIdSchema });

export const redactionSchema = z.strictObject({ eventId: eventIdSchema, reason });
export const removalSchema = z.strictObject({ userId: userIdSchema, reason });
