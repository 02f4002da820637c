/**
 * What the homeserver's policy module (synapse-http-antispam) asks, one schema a callback. The seven callbacks are
 * those that docs/wall.md lists; every other one stays off, so that an absent appservice never stops people talking.
 *
 * A payload that does not fit its schema is refused: these are the only shapes Synapse sends for identifiers that
 * may exist here.
 */
import { z } from 'zod';
import { roomIdSchema, userIdSchema } from '#contract/ids.ts';

/** An entry of an invitation's stripped state. It comes from the inviting server and proves nothing by itself. */
const strippedStateSchema = z.object({
  type: z.string(),
  state_key: z.string(),
  sender: z.string(),
  content: z.record(z.string(), z.unknown()),
});
export type StrippedState = z.infer<typeof strippedStateSchema>;

/**
 * The invitation as Synapse hands it over: client format, the raw `invite_room_state` of the federation request in
 * `unsigned`. Its signature by the sender's server was checked before the callback (federation_server.py,
 * `on_invite_request`); that the sender's server equals the request's origin is checked after it.
 */
const federatedInviteSchema = z.object({
  type: z.literal('m.room.member'),
  room_id: roomIdSchema,
  sender: userIdSchema,
  state_key: userIdSchema,
  content: z.object({ membership: z.literal('invite') }),
  unsigned: z.object({ invite_room_state: z.array(strippedStateSchema).max(100) }),
});
export type FederatedInvite = z.infer<typeof federatedInviteSchema>;

const wallRequestSchema = z.discriminatedUnion('callback', [
  z.object({ callback: z.literal('user_may_create_room'), user_id: userIdSchema }),
  z.object({
    callback: z.literal('user_may_invite'),
    inviter: userIdSchema,
    invitee: userIdSchema,
    room_id: roomIdSchema,
  }),
  z.object({ callback: z.literal('federated_user_may_invite'), event: federatedInviteSchema }),
  z.object({
    callback: z.literal('user_may_join_room'),
    user: userIdSchema,
    room: roomIdSchema,
    is_invited: z.boolean(),
  }),
  z.object({ callback: z.literal('user_may_publish_room'), user_id: userIdSchema, room_id: roomIdSchema }),
  z.object({
    callback: z.literal('user_may_create_room_alias'),
    user_id: userIdSchema,
    room_alias: z.string().max(255),
  }),
  z.object({
    callback: z.literal('user_may_send_3pid_invite'),
    inviter: userIdSchema,
    medium: z.string(),
    address: z.string(),
    room_id: roomIdSchema,
  }),
]);
export type WallRequest = z.infer<typeof wallRequestSchema>;
export type WallCallback = WallRequest['callback'];

const callbacks: ReadonlySet<string> = new Set(wallRequestSchema.options.map((option) => option.shape.callback.value));

export function isWallCallback(name: string): name is WallCallback {
  return callbacks.has(name);
}

/** null if the payload is none that Synapse would send for this callback. */
export function parseWallRequest(callback: WallCallback, payload: unknown): WallRequest | null {
  const fields = z.record(z.string(), z.unknown()).safeParse(payload);
  return wallRequestSchema.safeParse({ ...fields.data, callback }).data ?? null;
}
