/** What the person does with a room, as requests (client-server API). */
import type { Receipts } from '#contract/room-class.ts';
import type { HomeserverApi } from '../matrix/homeserver-api.ts';
import { roomPath } from '../timeline/history-requests.ts';

/** The client repeats it while somebody goes on typing. */
const typingMs = 20_000;

/** Others are told what was read only where the receipts are public. */
export async function sendReadMarkers(
  api: HomeserverApi,
  roomId: string,
  eventId: string,
  receipts: Receipts,
): Promise<void> {
  const body = { 'm.fully_read': eventId, [receipts === 'public' ? 'm.read' : 'm.read.private']: eventId };
  await api.request('POST', `${roomPath(roomId)}/read_markers`, { body });
}

export async function sendTyping(api: HomeserverApi, roomId: string, userId: string, isTyping: boolean): Promise<void> {
  const body = isTyping ? { typing: true, timeout: typingMs } : { typing: false };
  await api.request('PUT', `${roomPath(roomId)}/typing/${encodeURIComponent(userId)}`, { body });
}

export async function join(api: HomeserverApi, roomId: string): Promise<void> {
  await api.request('POST', `${roomPath(roomId)}/join`, { body: {} });
}

export async function leave(api: HomeserverApi, roomId: string): Promise<void> {
  await api.request('POST', `${roomPath(roomId)}/leave`, { body: {} });
}

export async function tagFavourite(
  api: HomeserverApi,
  roomId: string,
  userId: string,
  isFavourite: boolean,
): Promise<void> {
  const user = encodeURIComponent(userId);
  const path = `/_matrix/client/v3/user/${user}/rooms/${encodeURIComponent(roomId)}/tags/m.favourite`;
  if (isFavourite) await api.request('PUT', path, { body: { order: 0.5 } });
  else await api.request('DELETE', path);
}
