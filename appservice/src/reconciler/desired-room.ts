import type { ServerName, UserId } from '#contract/ids.ts';
import type { RoomClass, RoomClassName } from '#contract/room-class.ts';

/** What of its class shows in a room. */
type RoomRules = Pick<RoomClass, 'historyVisibility' | 'posting' | 'retentionDays'>;

export function rulesOf({ historyVisibility, posting, retentionDays }: RoomClass): RoomRules {
  return { historyVisibility, posting, retentionDays };
}

/** A room or space as it should be. */
export interface DesiredRoom {
  readonly address: string;
  readonly class: RoomClassName | 'space';
  /** When the agreement behind a joint room ends (ISO 8601, UTC); absent in all other rooms. */
  readonly endsAt?: string;
  /** Trust domain that the room belongs to. */
  readonly domain: string;
  /** The body that owns it; null for direct chats and groups. */
  readonly body: string | null;
  /** null for direct chats, which clients name after the other person. */
  readonly name: string | null;
  readonly topic: string | null;
  /** Homeservers of the members and of the room itself, sorted. The server ACL lists exactly these. */
  readonly servers: readonly ServerName[];
  /** People of the own trust domain, sorted; without the bot. */
  readonly members: readonly UserId[];
  /** Whom another trust domain has agreed to send, sorted: in all rooms but those of agreements nobody. */
  readonly outsiders: readonly UserId[];
  /** Sorted. Who may send messages where `rules.posting` is `named`; otherwise empty. */
  readonly posters: readonly UserId[];
  /** The rules of its class; null for spaces, which hold no messages. */
  readonly rules: RoomRules | null;
  /** Addresses of the rooms and spaces that a space shows, sorted. */
  readonly children: readonly string[];
  /** Address of the space that a room names as its own (`m.space.parent`); null at the root and for conversations. */
  readonly parent: string | null;
  /** `declared`: whoever leaves is brought back. `free`: whoever leaves stays away (direct chats and groups). */
  readonly membership: 'declared' | 'free';
}

export function isSpace(room: DesiredRoom): boolean {
  return room.class === 'space';
}
