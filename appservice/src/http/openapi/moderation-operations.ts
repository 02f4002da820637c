/** What moderators do in declared rooms. */
import type { z } from 'zod';
import { moderatedRoomSchema, redactionSchema, removalSchema } from '#contract/moderation.ts';
import type { Operation } from './operation.ts';

function operationOf(act: string, summary: string, body: z.ZodType): Operation {
  return {
    method: 'post',
    path: `/api/v1/rooms/{room}/${act}`,
    summary,
    access: ['moderator'],
    parameters: { path: moderatedRoomSchema },
    body,
    answers: [{ status: 204, description: 'It is done.' }],
    refusals: ['room.unknown', 'person.unknown', 'scope.exceeded', 'moderation.refused', 'homeserver.unavailable'],
  };
}

export const moderationOperations: readonly Operation[] = [
  operationOf('redactions', 'Removes a message for everybody.', redactionSchema),
  operationOf('removals', 'Puts a person out, until somebody readmits them.', removalSchema),
  operationOf('readmissions', 'Lets a person in again.', removalSchema),
];
