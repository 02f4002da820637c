/**
 * The signed roster: who belongs to a room. The appservice of the room's homeserver signs it and publishes it as state
 * of the room; clients give nobody else keys (docs/adr/0022-signed-roster.md).
 */
import { z } from 'zod';
import { roomIdSchema, userIdSchema, type UserId } from './ids.ts';

/** One state event a part; the state key is the part's number. */
export const rosterEventType = 'de.landbote.roster';

/** A roster that is older counts as none: whoever has left since must not be shown as a member with its help. */
export const rosterAgeMsMax = 14 * 24 * 60 * 60 * 1000;

/** 32 bytes in unpadded base64, as Matrix writes Ed25519 keys. */
export const rosterKeySchema = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}$/, 'expected an Ed25519 public key in unpadded base64');

/** Content of the state event. What is signed is this very text, so nobody has to write JSON twice the same way. */
export const signedRosterSchema = z.object({
  signed: z.string().max(65_536),
  /** The public key whose signature it is. */
  key: rosterKeySchema,
  /** Ed25519 over the UTF-8 bytes of `signed`, in unpadded base64. */
  signature: z.string().regex(/^[A-Za-z0-9+/]{86}$/),
});

/** What `signed` says, as JSON. All parts of one roster were issued at the same millisecond. */
export const rosterPartSchema = z
  .object({
    room_id: roomIdSchema,
    /** Milliseconds since 1970. */
    issued_at: z.int().positive(),
    part: z.int().min(0),
    parts: z.int().min(1).max(256),
    members: z.array(userIdSchema),
  })
  .refine(({ part, parts }) => part < parts, 'no such part');
export type RosterPart = z.infer<typeof rosterPartSchema>;

/** A whole roster, put together. */
export interface Roster {
  /** Milliseconds since 1970. Of two rosters of a room the one issued later is true. */
  readonly issuedAt: number;
  readonly members: readonly UserId[];
}

/**
 * Puts parts together that were verified one by one. Null: some are missing, or not all are of one roster.
 * @param parts in the order of their numbers
 */
export function joinRosterParts(parts: readonly RosterPart[]): Roster | null {
  const [first] = parts;
  const belongs = (part: RosterPart, number: number): boolean =>
    part.part === number && part.parts === parts.length && part.issued_at === first?.issued_at;
  if (first === undefined || !parts.every(belongs)) return null;
  return { issuedAt: first.issued_at, members: parts.flatMap(({ members }) => members) };
}
