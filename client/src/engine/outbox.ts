/** Own messages on their way. */
import { EventStatus, MsgType, type MatrixClient, type MatrixEvent, type Room } from 'matrix-js-sdk/lib/matrix.js';
import { isPassing } from './failures.ts';
import { itemIdOf } from './timeline-item.ts';

export interface Outbox {
  sendText(roomId: string, text: string): void;
  retry(roomId: string, itemId: string): void;
  discard(roomId: string, itemId: string): void;
  prepare(roomId: string): void;
  /** Sends what could not leave while the connection was away, oldest first. */
  sendParked(): void;
}

/** @param changed called with the room whose pending messages changed outside of the SDK's own events. */
export function outbox(client: MatrixClient, changed: (roomId: string) => void): Outbox {
  function pending(roomId: string, itemId: string): { room: Room; event: MatrixEvent } | null {
    const room = client.getRoom(roomId);
    const event = room?.getPendingEvents().find((candidate) => itemIdOf(candidate) === itemId);
    return room && event ? { room, event } : null;
  }

  /** The event itself carries its failure, and the timeline shows it. */
  function follow(roomId: string, sending: Promise<unknown>): void {
    void sending.catch(() => undefined).then(() => changed(roomId));
  }

  return {
    sendText(roomId, text) {
      const room = client.getRoom(roomId);
      // Never plain text: a room that lost its encryption event is no place to write.
      if (!room?.hasEncryptionStateEvent()) return;
      follow(roomId, client.sendMessage(roomId, { msgtype: MsgType.Text, body: text }, client.makeTxnId()));
    },
    retry(roomId, itemId) {
      const found = pending(roomId, itemId);
      if (found?.event.status === EventStatus.NOT_SENT) follow(roomId, client.resendEvent(found.event, found.room));
    },
    discard(roomId, itemId) {
      const found = pending(roomId, itemId);
      if (found?.event.status === EventStatus.NOT_SENT) client.cancelPendingEvent(found.event);
    },
    prepare(roomId) {
      const room = client.getRoom(roomId);
      if (room?.hasEncryptionStateEvent()) client.getCrypto()?.prepareToEncrypt(room);
    },
    sendParked() {
      for (const room of client.getRooms()) {
        const parked = room.getPendingEvents().filter((event) => isParked(event));
        for (const event of parked) follow(room.roomId, client.resendEvent(event, room));
      }
    },
  };
}

function isParked(event: MatrixEvent): boolean {
  return event.status === EventStatus.NOT_SENT && isPassing(event.error);
}
