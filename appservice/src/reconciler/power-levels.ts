import { statementType } from '#contract/agreement.ts';
import type { UserId } from '#contract/ids.ts';
import { isSpace, type DesiredRoom } from './desired-room.ts';

/** Content of `m.room.power_levels` (client-server API, "m.room.power_levels"). */
export interface PowerLevels {
  readonly users: Readonly<Record<UserId, number>>;
  readonly users_default: number;
  readonly events: Readonly<Record<string, number>>;
  readonly events_default: number;
  readonly state_default: number;
  readonly ban: number;
  readonly kick: number;
  readonly redact: number;
  readonly invite: number;
  readonly historical: number;
}

/** What nobody but the room's creator may do. From room version 12 on, a creator's power has no number and no limit. */
const creatorOnly = 150;
const administration = 100;
const posterLevel = 50;
const statementLevel = 1;

const protectedEvents: Readonly<Record<string, number>> = {
  'm.room.server_acl': creatorOnly,
  'm.room.power_levels': creatorOnly,
  'm.room.encryption': creatorOnly,
  'm.room.history_visibility': creatorOnly,
  'm.room.join_rules': creatorOnly,
  'm.room.guest_access': creatorOnly,
  'm.room.retention': creatorOnly,
  'm.room.policy': creatorOnly,
  'm.room.tombstone': creatorOnly,
  'm.space.child': creatorOnly,
};

/**
 * The power profile of docs/wall.md: nobody but the creator administers, least of all anybody on another server.
 * The bot must not stand in `users`: it is the creator, and room version 12 refuses creators there.
 */
export function computePowerLevels(room: DesiredRoom): PowerLevels {
  return {
    users: usersOf(room),
    users_default: 0,
    events: { ...protectedEvents, ...reactionsOf(room), ...statementsOf(room) },
    events_default: messageLevelOf(room),
    state_default: administration,
    ban: administration,
    kick: administration,
    redact: administration,
    invite: administration,
    historical: administration,
  };
}

function usersOf(room: DesiredRoom): PowerLevels['users'] {
  if (room.class === 'liaison') return Object.fromEntries(room.outsiders.map((bot) => [bot, statementLevel]));
  return Object.fromEntries(room.posters.map((poster) => [poster, posterLevel]));
}

/** In a liaison room the other side's bot may set this one type of state, and nothing else. */
function statementsOf(room: DesiredRoom): Readonly<Record<string, number>> {
  return room.class === 'liaison' ? { [statementType]: statementLevel } : {};
}

function messageLevelOf(room: DesiredRoom): number {
  if (isSpace(room)) return administration;
  return room.rules?.posting === 'named' ? posterLevel : 0;
}

/** Where posting is named, everybody may still react, and take the reaction back: redacting one's own needs no more. */
function reactionsOf(room: DesiredRoom): Readonly<Record<string, number>> {
  return room.rules?.posting === 'named' ? { 'm.reaction': 0, 'm.room.redaction': 0 } : {};
}
