import type { RoomId, UserId } from '#contract/ids.ts';
import type { RoomStateSender } from '#appservice/matrix/ports.ts';
import type { RosterSeal } from './roster-seal.ts';

interface Publisher {
  readonly homeserver: RoomStateSender;
  readonly rosters: Pick<RosterSeal, 'seal'>;
}

/** Tells a room's clients who belongs to it. Throws HomeserverError. */
export async function publishRoster(
  roomId: RoomId,
  members: readonly UserId[],
  { homeserver, rosters }: Publisher,
): Promise<void> {
  for (const part of rosters.seal(roomId, members)) await homeserver.sendState(roomId, part);
}
