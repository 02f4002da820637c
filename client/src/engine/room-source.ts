/** Follows all joined rooms and reports those that changed. */
import {
  ClientEvent,
  MatrixEventEvent,
  RoomEvent,
  RoomStateEvent,
  type MatrixClient,
} from 'matrix-js-sdk/lib/matrix.js';
import { gather } from './changes.ts';
import type { Update } from './protocol.ts';
import { snapshotOf } from './room-snapshot.ts';

export interface RoomSource {
  /** Reports all rooms and, from then on, what changes. Before, the first sync is still being read. */
  begin(): void;
  touch(roomId: string): void;
  end(): void;
}

export function roomSource(
  client: MatrixClient,
  emit: (update: Update) => void,
  onChange: (roomId: string) => void,
): RoomSource {
  const changes = gather((roomIds) => {
    emit(roomsUpdate(client, roomIds));
    for (const roomId of roomIds) onChange(roomId);
  });
  let hasBegun = false;
  const touch = (roomId: string | undefined): void => {
    if (roomId && hasBegun) changes.add(roomId);
  };
  listen(client, touch);
  return {
    begin() {
      hasBegun = true;
      for (const room of client.getRooms()) changes.add(room.roomId);
      changes.flush();
    },
    touch,
    end: () => changes.end(),
  };
}

function roomsUpdate(client: MatrixClient, roomIds: ReadonlySet<string>): Update {
  const joined = [...roomIds].flatMap((roomId) => {
    const room = client.getRoom(roomId);
    return room?.getMyMembership() === 'join' ? [room] : [];
  });
  const joinedIds = new Set(joined.map((room) => room.roomId));
  return {
    type: 'rooms',
    changed: joined.map(snapshotOf),
    removedIds: [...roomIds].filter((roomId) => !joinedIds.has(roomId)),
  };
}

function listen(client: MatrixClient, touch: (roomId: string | undefined) => void): void {
  client.on(ClientEvent.Room, (room) => touch(room.roomId));
  client.on(RoomEvent.MyMembership, (room) => touch(room.roomId));
  client.on(RoomEvent.Timeline, (event) => touch(event.getRoomId()));
  client.on(RoomEvent.TimelineReset, (room) => touch(room?.roomId));
  client.on(RoomEvent.LocalEchoUpdated, (_event, room) => touch(room.roomId));
  client.on(RoomEvent.Redaction, (_event, room) => touch(room.roomId));
  client.on(RoomEvent.Receipt, (_event, room) => touch(room.roomId));
  client.on(RoomStateEvent.Events, (event) => touch(event.getRoomId()));
  client.on(MatrixEventEvent.Decrypted, (event) => touch(event.getRoomId()));
}
