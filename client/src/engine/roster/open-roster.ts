/** From state events, which a homeserver may have changed, to a roster that an appservice of ours has signed. */
import {
  joinRosterParts,
  rosterPartSchema,
  signedRosterSchema,
  type Roster,
  type RosterPart,
} from '#contract/roster.ts';
import { isSignatureOf } from './verify-signature.ts';

/** The content of one part's state event; null if the room has none. */
export type ReadPart = (number: number) => Promise<unknown>;

export interface RosterTrust {
  readonly roomId: string;
  /** Public keys in base64. */
  readonly keys: readonly string[];
}

/** Null: none, or one that is damaged, incomplete, of another room or signed by nobody of ours. @throws what `read` throws. */
export async function openRoster(read: ReadPart, trust: RosterTrust): Promise<Roster | null> {
  const first = await openPart(await read(0), trust);
  if (first === null) return null;
  const numbers = Array.from({ length: first.parts - 1 }, (_, index) => index + 1);
  const others = await Promise.all(numbers.map(async (number) => openPart(await read(number), trust)));
  const parts = others.flatMap((part) => part ?? []);
  return parts.length === numbers.length ? joinRosterParts([first, ...parts]) : null;
}

/** Nothing of it is read before its signature is checked. */
async function openPart(content: unknown, { roomId, keys }: RosterTrust): Promise<RosterPart | null> {
  const sealed = signedRosterSchema.safeParse(content).data;
  if (!sealed || !keys.includes(sealed.key)) return null;
  if (!(await isSignatureOf(sealed.signed, sealed.key, sealed.signature))) return null;
  const part = rosterPartSchema.safeParse(JSON.parse(sealed.signed)).data;
  return part?.room_id === roomId ? part : null;
}
