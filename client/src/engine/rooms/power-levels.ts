import { z } from 'zod';
import { stateContent, stateOf, type RoomRecord } from './room-record.ts';

const level = z.number().optional().catch(undefined);
const levels = z.record(z.string(), z.number()).catch({});
const powerSchema = z.object({
  users: levels,
  users_default: level,
  events: levels,
  events_default: level,
  redact: level,
});

/** Client-server API, `m.room.power_levels`, with the defaults it gives. */
export function maySend(record: RoomRecord, userId: string, type: string): boolean {
  const power = powerSchema.parse(stateContent(record, 'm.room.power_levels'));
  return powerOf(record, userId) >= (power.events[type] ?? power.events_default ?? 0);
}

/** May delete what others wrote. */
export function mayRedact(record: RoomRecord, userId: string): boolean {
  const power = powerSchema.parse(stateContent(record, 'm.room.power_levels'));
  return powerOf(record, userId) >= (power.redact ?? 50) && maySend(record, userId, 'm.room.redaction');
}

function powerOf(record: RoomRecord, userId: string): number {
  if (stateOf(record, 'm.room.power_levels') === null) return isCreator(record, userId) ? 100 : 0;
  const power = powerSchema.parse(stateContent(record, 'm.room.power_levels'));
  const own = Object.hasOwn(power.users, userId) ? power.users[userId] : undefined;
  // From room version 12 on creators stand above all levels and are not named in them.
  if (own === undefined && hasPowerfulCreators(record) && isCreator(record, userId)) return Number.POSITIVE_INFINITY;
  return own ?? power.users_default ?? 0;
}

function isCreator(record: RoomRecord, userId: string): boolean {
  const create = stateOf(record, 'm.room.create');
  const further = create?.content['additional_creators'];
  return create?.senderId === userId || (Array.isArray(further) && further.includes(userId));
}

function hasPowerfulCreators(record: RoomRecord): boolean {
  return Number(stateContent(record, 'm.room.create')['room_version']) >= 12;
}
