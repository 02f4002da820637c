/** An organisation as a homeserver shows it, to be corrected by people before it is proposed. */
import { z } from 'zod';
import { organisationSchema } from './organisation.ts';

/** Why people must look at something. docs/organisation.md says what each means. */
const draftFindingKindSchema = z.enum([
  'conversations-left-out',
  'rooms-elsewhere',
  'room-without-space',
  'room-in-several-spaces',
  'space-in-circle',
  'room-without-people',
  'class-assumed',
  'rule-assumed',
  'announcers-assumed',
  'name-unusable',
  'short-name-cut',
  'full-name-unknown',
  'account-unusable',
  'account-without-place',
  'account-in-several-places',
  'member-left-out',
  'reference-broken',
]);
export type DraftFindingKind = z.infer<typeof draftFindingKindSchema>;

const draftFindingSchema = z.object({
  kind: draftFindingKindSchema,
  /** A room, an account, a place, or a number of rooms. */
  subject: z.string(),
  /** What stands in the draft for it; null if nothing does. */
  chosen: z.string().nullable(),
});
export type DraftFinding = z.infer<typeof draftFindingSchema>;

export const draftSchema = z.object({ organisation: organisationSchema, findings: z.array(draftFindingSchema) });
export type Draft = z.infer<typeof draftSchema>;
