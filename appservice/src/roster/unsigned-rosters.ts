import { rosterEventType } from '#contract/roster.ts';
import type { RosterSeal } from './roster-seal.ts';

/** For previews: a signature there would be worth as much as one in the room, before anybody has approved it. */
export const unsignedRosters: RosterSeal = {
  seal: (_roomId, members) => [{ type: rosterEventType, state_key: '0', content: { members } }],
  open: () => null,
};
