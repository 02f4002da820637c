/**
 * What of an event survives a redaction in room versions 11 and 12 (Matrix specification, room version 11,
 * "Redactions"). The reference hash and the signatures cover exactly this. Invitations by third parties are left
 * out: nobody here sends them.
 */
import { isJsonObject, type JsonObject } from './canonical-json.ts';

const keptKeys = [
  'event_id',
  'type',
  'room_id',
  'sender',
  'state_key',
  'hashes',
  'signatures',
  'depth',
  'prev_events',
  'auth_events',
  'origin_server_ts',
];

const powerLevelKeys = [
  'ban',
  'events',
  'events_default',
  'invite',
  'kick',
  'redact',
  'state_default',
  'users',
  'users_default',
];

const keptContentKeys: Readonly<Record<string, readonly string[]>> = {
  'm.room.member': ['membership', 'join_authorised_via_users_server'],
  'm.room.join_rules': ['join_rule', 'allow'],
  'm.room.power_levels': powerLevelKeys,
  'm.room.history_visibility': ['history_visibility'],
  'm.room.redaction': ['redacts'],
};

export function redactEvent(event: JsonObject): JsonObject {
  return { ...pick(event, keptKeys), content: redactContent(event) };
}

function redactContent(event: JsonObject): JsonObject {
  const content = isJsonObject(event['content']) ? event['content'] : {};
  const type = String(event['type']);
  return type === 'm.room.create' ? content : pick(content, keptContentKeys[type] ?? []);
}

function pick(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.filter((key) => key in object).map((key) => [key, object[key]]));
}
