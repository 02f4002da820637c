/** Signs rosters and knows its own signature again. Ed25519 by node:crypto. */
import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import type { RoomId, UserId } from '#contract/ids.ts';
import {
  joinRosterParts,
  rosterAgeMsMax,
  rosterEventType,
  rosterPartSchema,
  signedRosterSchema,
  type Roster,
  type RosterPart,
} from '#contract/roster.ts';
import type { StateContent } from '#appservice/matrix/ports.ts';
import { unpaddedPublicKey } from '#appservice/ed25519-key.ts';
import { divideMembers } from './divide-members.ts';

interface OpenedRoster extends Roster {
  /** Old enough to be made anew. */
  readonly isDue: boolean;
}

export interface RosterSeal {
  /** State that says who belongs to the room, as of now. */
  seal(roomId: RoomId, members: readonly UserId[]): readonly StateContent[];
  /** The roster in a room's state; null if there is none that this seal made. */
  open(roomId: RoomId, state: readonly StateContent[]): OpenedRoster | null;
}

/** Half of its life: an appservice that is away for a week leaves no room without a valid one. */
const renewedAfterMs = rosterAgeMsMax / 2;

/** @param now milliseconds since 1970 */
export function createRosterSeal(privateKey: KeyObject, now: () => number): RosterSeal {
  const publicKey = createPublicKey(privateKey);
  const key = unpaddedPublicKey(privateKey);
  let lastIssuedAt = 0;

  function signPart(part: RosterPart): StateContent {
    const signed = JSON.stringify(part);
    const signature = unpadded(sign(null, Buffer.from(signed), privateKey));
    return { type: rosterEventType, state_key: String(part.part), content: { signed, key, signature } };
  }

  function openPart(roomId: RoomId, content: StateContent['content']): RosterPart | null {
    const sealed = signedRosterSchema.safeParse(content).data;
    if (sealed?.key !== key) return null;
    const signature = Buffer.from(sealed.signature, 'base64');
    if (!verify(null, Buffer.from(sealed.signed), publicKey, signature)) return null;
    const part = rosterPartSchema.safeParse(JSON.parse(sealed.signed)).data;
    return part?.room_id === roomId ? part : null;
  }

  return {
    seal(roomId, members) {
      // Two within a millisecond, or with a clock that was set back, still have an order.
      lastIssuedAt = Math.max(now(), lastIssuedAt + 1);
      const divided = divideMembers(members);
      return divided.map((some, part) =>
        signPart({ room_id: roomId, issued_at: lastIssuedAt, part, parts: divided.length, members: some }),
      );
    },
    open(roomId, state) {
      const contents = new Map(
        state.filter(({ type }) => type === rosterEventType).map((event) => [event.state_key, event.content]),
      );
      const partOf = (number: number): RosterPart | null => openPart(roomId, contents.get(String(number)) ?? {});
      const first = partOf(0);
      const parts = Array.from({ length: first?.parts ?? 0 }, (_, number) => (number === 0 ? first : partOf(number)));
      const roster = joinRosterParts(parts.flatMap((part) => part ?? []));
      return roster && { ...roster, isDue: roster.issuedAt < now() - renewedAfterMs };
    },
  };
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
