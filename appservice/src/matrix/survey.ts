/** Asks the module in the homeserver what is there: accounts and rooms, whoever made them (docs/adr/0023). */
import { z } from 'zod';
import { askModule, type PrivateListener } from './private-listener.ts';

const path = '/_landbote/v1/survey';

/** Ids are taken as they are: old homeservers have some that nobody could choose today. */
const surveySchema = z
  .object({
    accounts: z.array(z.object({ user_id: z.string(), display_name: z.string().nullable() })),
    rooms: z.array(
      z.object({
        room_id: z.string(),
        members: z.array(z.string()),
        state: z.array(
          z.object({
            type: z.string(),
            state_key: z.string(),
            sender: z.string(),
            content: z.record(z.string(), z.unknown()),
          }),
        ),
      }),
    ),
  })
  .transform(({ accounts, rooms }) => ({
    accounts: accounts.map(({ user_id: userId, display_name: displayName }) => ({ userId, displayName })),
    rooms: rooms.map(({ room_id: roomId, members, state }) => ({ roomId, members, state })),
  }));

/** People's accounts, and the rooms that somebody of this homeserver is in, with who is in them or invited. */
export type Survey = z.infer<typeof surveySchema>;
export type SurveyedAccount = Survey['accounts'][number];
export type SurveyedRoom = Survey['rooms'][number];

/** Throws a HomeserverError if the homeserver does not answer as it must, or has no such module. */
export function readSurvey(listener: PrivateListener | null): Promise<Survey> {
  return askModule(listener, path, surveySchema);
}
