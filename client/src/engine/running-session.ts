/** Everything that lives from sign-in to sign-out. */
import { ClientEvent, ReceiptType, SyncState, type MatrixClient, type Room } from 'matrix-js-sdk/lib/matrix.js';
import { NotificationCountType } from 'matrix-js-sdk/lib/models/room.js';
import { appserviceApi, type AppserviceApi } from './appservice-api.ts';
import { sessionClient, startEncryption, startSync } from './client.ts';
import { loadMembers } from './members.ts';
import type { ConnectionState, Update } from './protocol.ts';
import { roomSource } from './room-source.ts';
import { outbox, type Outbox } from './outbox.ts';
import { onConfirmedEnd } from './session-end.ts';
import type { SessionRecord } from './session-record.ts';
import { timelineSource, type TimelineSource } from './timeline-source.ts';

export interface RunningSession {
  readonly record: SessionRecord;
  readonly client: MatrixClient;
  readonly api: AppserviceApi;
  readonly outbox: Outbox;
  /** Opens the keys and begins to sync. Returns before the first sync is done. */
  start(): Promise<void>;
  open(roomId: string): Promise<void>;
  close(): void;
  loadOlder(roomId: string): Promise<void>;
  markRead(roomId: string): void;
  stop(): void;
}

export interface SessionSurroundings {
  readonly homeserverUrl: string;
  readonly appserviceUrl: string;
  readonly emit: (update: Update) => void;
  readonly onEnd: (kind: 'soft' | 'hard') => void;
}

/** Nothing runs before `start`. */
export function createSession(record: SessionRecord, surroundings: SessionSurroundings): RunningSession {
  const { emit } = surroundings;
  const client = sessionClient(surroundings.homeserverUrl, record);
  let timeline: TimelineSource | null = null;

  const rooms = roomSource(client, emit, (roomId) => {
    if (timeline?.roomId === roomId) emitTimeline(timeline, emit);
  });
  const messages = outbox(client, (roomId) => rooms.touch(roomId));

  onConfirmedEnd(client, surroundings.onEnd);
  const stopWatching = watchConnection(client, emit, () => messages.sendParked());
  client.once(ClientEvent.Sync, function begin(state) {
    if (state !== SyncState.Prepared) return void client.once(ClientEvent.Sync, begin);
    rooms.begin();
    emit({ type: 'set-up', done: 'rooms' });
  });

  return {
    record,
    client,
    api: appserviceApi(surroundings.appserviceUrl, () => client.getOpenIdToken()),
    outbox: messages,
    async start() {
      await startEncryption(client, record);
      emit({ type: 'set-up', done: 'encryption' });
      await startSync(client);
    },
    async open(roomId) {
      const room = requireRoom(client, roomId);
      const opened = timelineSource(client, room);
      timeline = opened;
      emitTimeline(opened, emit);
      const members = loadMembers(room).then((loaded) => emit({ type: 'members', roomId, members: loaded }));
      await opened.loadFirstScreen();
      if (timeline === opened) emitTimeline(opened, emit);
      await members;
    },
    close: () => (timeline = null),
    async loadOlder(roomId) {
      const opened = timeline;
      if (opened?.roomId !== roomId) return;
      await opened.loadOlder();
      if (timeline === opened) emitTimeline(opened, emit);
    },
    markRead: (roomId) => markRead(client, requireRoom(client, roomId), () => rooms.touch(roomId)),
    stop() {
      stopWatching();
      rooms.end();
      client.stopClient();
      client.removeAllListeners();
    },
  };
}

function requireRoom(client: MatrixClient, roomId: string): Room {
  const room = client.getRoom(roomId);
  if (!room) throw new Error('room-unknown');
  return room;
}

function emitTimeline(source: TimelineSource, emit: (update: Update) => void): void {
  const update = source.update();
  if (update) emit({ type: 'timeline', update });
}

function markRead(client: MatrixClient, room: Room, changed: () => void): void {
  const last = room.getLiveTimeline().getEvents().at(-1);
  if (!last || room.getEventReadUpTo(client.getSafeUserId()) === last.getId()) return;
  room.setUnreadNotificationCount(NotificationCountType.Total, 0);
  room.setUnreadNotificationCount(NotificationCountType.Highlight, 0);
  changed();
  // Private: nobody learns who has read what. A lost receipt is made up for by the next one.
  void client.sendReadReceipt(last, ReceiptType.ReadPrivate).catch(() => undefined);
}

function watchConnection(client: MatrixClient, emit: (update: Update) => void, onOnline: () => void): () => void {
  let last: ConnectionState = 'connecting';
  const report = (state: ConnectionState): void => {
    if (state === last) return;
    last = state;
    emit({ type: 'connection', state });
    if (state === 'online') onOnline();
  };
  client.on(ClientEvent.Sync, (state) => report(connectionOf(state)));
  const offline = (): void => report('offline');
  const retry = (): void => void client.retryImmediately();
  globalThis.addEventListener('offline', offline);
  globalThis.addEventListener('online', retry);
  return () => {
    globalThis.removeEventListener('offline', offline);
    globalThis.removeEventListener('online', retry);
  };
}

function connectionOf(state: SyncState): ConnectionState {
  if (state === SyncState.Error || state === SyncState.Reconnecting) return 'offline';
  return state === SyncState.Stopped ? 'connecting' : 'online';
}
