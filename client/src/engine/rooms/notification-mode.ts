/** How a room notifies, from the account's push rules (client-server API, "Push Rules"), and the requests to change it. */
import { z } from 'zod';
import type { HomeserverApi } from '../matrix/homeserver-api.ts';
import type { NotificationMode } from '../protocol.ts';

const rules = z
  .array(z.object({ rule_id: z.string(), enabled: z.boolean().catch(true), actions: z.array(z.unknown()).catch([]) }))
  .catch([]);

export const pushRulesSchema = z.object({ global: z.object({ override: rules, room: rules }) });
export type PushRules = z.infer<typeof pushRulesSchema>;

export function notificationMode(pushRules: PushRules | null, roomId: string): NotificationMode {
  const find = (kind: 'override' | 'room') =>
    pushRules?.global[kind].find((rule) => rule.rule_id === roomId && rule.enabled);
  const silence = find('override');
  if (silence && !silence.actions.includes('notify')) return 'none';
  const own = find('room');
  return own && !own.actions.includes('notify') ? 'mentions' : 'all';
}

/** A room-level rule leaves mentions on; an override that matches the whole room silences it. */
export async function setNotificationMode(api: HomeserverApi, roomId: string, mode: NotificationMode): Promise<void> {
  const condition = { kind: 'event_match', key: 'room_id', pattern: roomId };
  await setRule(api, 'override', roomId, mode === 'none' ? { actions: [], conditions: [condition] } : null);
  await setRule(api, 'room', roomId, mode === 'mentions' ? { actions: [] } : null);
}

async function setRule(api: HomeserverApi, kind: string, roomId: string, rule: object | null): Promise<void> {
  const path = `/_matrix/client/v3/pushrules/global/${kind}/${encodeURIComponent(roomId)}`;
  if (rule) await api.request('PUT', path, { body: rule });
  else await api.request('DELETE', path).catch(ignoreMissing);
}

function ignoreMissing(error: unknown): void {
  const isMissing = error instanceof Error && 'errcode' in error && error.errcode === 'M_NOT_FOUND';
  if (!isMissing) throw error;
}
