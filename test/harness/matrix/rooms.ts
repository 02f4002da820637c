/**
 * What a session sees and does in rooms.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { roomOriginKey, roomOriginSchema, type RoomOrigin } from '#contract/event-content.ts';
import { eventIdSchema, roomIdSchema, userIdSchema, type EventId, type RoomId, type UserId } from '#contract/ids.ts';
import type { ClientAnswer, MatrixSession } from './session.ts';

const roomEventSchema = z.object({
  event_id: eventIdSchema,
  type: z.string(),
  sender: userIdSchema,
  state_key: z.string().optional(),
  content: z.record(z.string(), z.unknown()),
});
export type RoomEvent = z.infer<typeof roomEventSchema>;

const joinedRoomsSchema = z.object({ joined_rooms: z.array(roomIdSchema) });
const messagesSchema = z.object({ chunk: z.array(roomEventSchema) });
const sentSchema = z.object({ event_id: eventIdSchema });

/** A room that the appservice made, as its own create event tells. */
export interface ProvisionedRoom {
  readonly roomId: RoomId;
  readonly origin: RoomOrigin;
  readonly federates: boolean;
  readonly members: readonly UserId[];
}

/** Path of a room's resource, with the id encoded. */
export function roomPath(roomId: RoomId, resource: string): string {
  return `/v3/rooms/${encodeURIComponent(roomId)}/${resource}`;
}

/** The room's current state. Throws if the homeserver refuses. */
export async function readState(session: MatrixSession, roomId: RoomId): Promise<readonly RoomEvent[]> {
  return z.array(roomEventSchema).parse(accepted(await session.request('GET', roomPath(roomId, 'state'))));
}

/** The newest events that the session may see, newest first. */
export async function readMessages(session: MatrixSession, roomId: RoomId): Promise<readonly RoomEvent[]> {
  const answer = await session.request('GET', roomPath(roomId, 'messages?dir=b&limit=20'));
  return messagesSchema.parse(accepted(answer)).chunk;
}

/** Sends a text message. Throws if the homeserver refuses. */
export async function sendText(session: MatrixSession, roomId: RoomId, text: string): Promise<EventId> {
  const answer = await session.request('PUT', roomPath(roomId, `send/m.room.message/${randomUUID()}`), {
    msgtype: 'm.text',
    body: text,
  });
  return sentSchema.parse(accepted(answer)).event_id;
}

/** All rooms of the session that carry their origin, spaces too. */
export async function readProvisionedRooms(session: MatrixSession): Promise<readonly ProvisionedRoom[]> {
  const { joined_rooms } = joinedRoomsSchema.parse(accepted(await session.request('GET', '/v3/joined_rooms')));
  const rooms = await Promise.all(
    joined_rooms.map(async (roomId) => provisionedRoom(roomId, await readState(session, roomId))),
  );
  return rooms.filter((room) => room !== null);
}

function provisionedRoom(roomId: RoomId, state: readonly RoomEvent[]): ProvisionedRoom | null {
  const created = state.find((event) => event.type === 'm.room.create')?.content ?? {};
  const origin = roomOriginSchema.safeParse(created[roomOriginKey]);
  if (!origin.success) return null;
  const federates = created['m.federate'] !== false;
  return { roomId, origin: origin.data, federates, members: joinedMembers(state) };
}

/** The people who are in the room, by its state. */
export function joinedMembers(state: readonly RoomEvent[]): readonly UserId[] {
  return state
    .filter((event) => event.type === 'm.room.member' && event.content['membership'] === 'join')
    .map((event) => userIdSchema.parse(event.state_key));
}

/** The body of an answer that must be a success. */
export function accepted({ status, body }: ClientAnswer): unknown {
  if (status !== 200) throw new Error(`the homeserver answered ${status} ${JSON.stringify(body)}`);
  return body;
}
