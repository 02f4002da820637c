/** Everything that lives from sign-in to sign-out, composed. */
import { AlertReceipts } from '../alerts/alert-receipts.ts';
import { answeredElsewhere, tellOwnDevices } from '../alerts/own-devices.ts';
import type { ClientConfig } from '#contract/client-config.ts';
import { snapshotWriter, type SnapshotWriter } from '../boot-snapshot.ts';
import { appserviceApi, type AppserviceApi } from '../directory/appservice-api.ts';
import { directory, type Directory } from '../directory/directory.ts';
import type { Encryption } from '../encryption/encryption.ts';
import { attachmentOf } from '../media/attachment-content.ts';
import { startMedia, type SessionMedia } from '../media/media.ts';
import type { Identity, RoomSnapshot, Update } from '../protocol.ts';
import { createRoomData } from '../rooms/create-room-data.ts';
import type { RoomData } from '../rooms/room-data.ts';
import { Outbox } from '../sending/outbox.ts';
import { uploadFile } from '../sending/upload-file.ts';
import { Pause } from '../pause.ts';
import { roomyStorage } from '../storage/roomy-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { startSync } from '../sync/sync.ts';
import { collectSnapshot } from './collect-snapshot.ts';
import { LatestUpdates } from './latest-updates.ts';
import { openIdTokens } from './openid-tokens.ts';
import { draftKeeper, type DraftKeeper } from './draft-keeper.ts';
import { sessionApi, type SessionApi, type SessionEnd } from './session-api.ts';
import { cryptoDatabasePrefix, sessionRecord, type SessionRecord } from './session-record.ts';
import { startEncryption } from './start-encryption.ts';
import { sessionTokens } from './tokens.ts';

export interface RunningSession {
  readonly identity: Identity;
  readonly record: SessionRecord;
  readonly api: SessionApi;
  readonly rooms: RoomData;
  readonly outbox: Outbox;
  readonly alertReceipts: AlertReceipts;
  readonly drafts: DraftKeeper;
  readonly appservice: AppserviceApi;
  readonly directory: Directory;
  /** What all pages show; a page that joins gets the latest of each. */
  readonly latest: LatestUpdates;
  /** Resolves when the keys are open. */
  encryption(): Promise<Encryption>;
  /** The network is back: tries everything at once. */
  wake(): void;
  /** Somebody looks or writes: does not wait with the next try. */
  hurry(): void;
  /** Ends all work; what is stored stays. */
  stop(): void;
}

export interface SessionSurroundings {
  readonly config: ClientConfig;
  readonly storage: Storage;
  /** Whether anybody looks at the client. */
  readonly isWatched: () => boolean;
  readonly emit: (update: Update) => void;
  readonly onEnd: (end: SessionEnd) => void;
}

/** The person is asked about keys before hundreds of rooms keep the homeserver busy, unless the keys take too long. */
const keysMsMax = 3_000;

/** Takes up what is stored, then begins to sync. Does not wait for the network. */
export async function startSession(record: SessionRecord, surroundings: SessionSurroundings): Promise<RunningSession> {
  const { config, isWatched, emit, onEnd } = surroundings;
  const { userId, deviceId, isSharedComputer } = record;
  const identity = { userId, deviceId, isSharedComputer };
  const storage = roomyStorage(surroundings.storage, {
    freeSpace: () => media.freeSpace(),
    onFull(isFull) {
      latest.take({ type: 'storage', isFull });
      if (!isFull) void outbox.keepHomeless().then(() => goOn());
    },
  });
  const tokens = sessionTokens(config.homeserverUrl, record, (pair) =>
    sessionRecord(storage).write({ ...record, ...pair }),
  );
  const api = sessionApi(config.homeserverUrl, tokens, onEnd);
  const appservice = appserviceApi(config.appserviceUrl, openIdTokens(api, record.userId));

  const snapshot: SnapshotWriter = snapshotWriter(storage, () =>
    record.isSharedComputer ? null : collectSnapshot({ config, identity, latest, directory: known }),
  );
  const latest = new LatestUpdates((update) => {
    emit(update);
    snapshot.touch();
  });
  const known = await directory(appservice, storage, () => snapshot.touch());

  const keysAreUp = Promise.withResolvers<void>();
  const keys = startEncryption(
    { config, record, fetch: api.fetch, databasePrefix: cryptoDatabasePrefix(record) },
    {
      onKeys: (roomId, sessionIds) => rooms.keysArrived(roomId, sessionIds),
      onStatus(status) {
        keysAreUp.resolve();
        latest.take({ type: 'encryption', status });
        if (status.state === 'ready') outbox.retryFailed('not-set-up');
      },
      onVerification: (verification) => latest.take({ type: 'verification', verification }),
      onIdentities: (userIds) => rooms.identitiesChanged(userIds),
      hasRoom: () =>
        storage.ensureRoom().then(
          () => true,
          () => false,
        ),
    },
  );
  const media = startMedia({
    access: { homeserverUrl: config.homeserverUrl, tokens },
    homeserver: api,
    encryption: () => keys.load(),
    isSharedComputer: record.isSharedComputer,
  });
  const outbox = newOutbox(
    storage,
    api,
    media,
    () => keys.load(),
    () => rooms,
  );
  const rooms = createRoomData({
    userId: record.userId,
    api,
    storage,
    pending: outbox,
    receiptsIn: (roomClass) => known.receiptsIn(roomClass),
    pinnedKeys: config,
    readAttachment: (content) => attachmentOf(content, (reference) => media.nameOf(reference)),
    onRooms(changed, removedIds) {
      latest.take({ type: 'rooms', changed, removedIds });
      noteArrived(changed);
    },
    onMembers: (roomId, members) => emit({ type: 'members', roomId, members }),
    onRoster: (roomId) => outbox.rosterArrived(roomId),
    onNotification: (roomId, item) => emit({ type: 'notification', roomId, item }),
  });
  const alertReceipts = new AlertReceipts({
    deviceId: record.deviceId,
    storage,
    appservice,
    tellOwnDevices: (alert, transactionId) => tellOwnDevices(api, record, alert, transactionId),
    onAnswers: (answers) => latest.take({ type: 'alert-answers', answers }),
  });
  await Promise.all([alertReceipts.restore(), rooms.restore(), outbox.restore()]);
  const sync = startSync({
    api,
    storage,
    rooms,
    isWatched,
    onConnection(state) {
      latest.take({ type: 'connection', state });
      if (state === 'online') wake();
    },
    onFirstRooms() {
      latest.take({ type: 'set-up', done: 'rooms' });
      // The list comes first; opening the keys takes the processor for a moment.
      void keys.load();
    },
    onDeviceMessages(messages) {
      for (const alert of answeredElsewhere(messages, record)) alertReceipts.askAgain(alert);
    },
    restMayFollow: () => Promise.race([keysAreUp.promise, new Pause().wait(keysMsMax)]),
  });
  void useEncryption();

  /** Everybody's device says so to whoever has sent the alert. */
  function noteArrived(changed: readonly RoomSnapshot[]): void {
    for (const { roomId, alerts } of changed) {
      for (const { eventId, alert } of alerts.filter(({ senderId }) => senderId !== record.userId)) {
        if (alert.mustAcknowledge) void alertReceipts.noteOnce(roomId, eventId, 'arrived').catch(() => undefined);
        alertReceipts.stands({ roomId, eventId });
      }
    }
  }

  function wake(): void {
    outbox.wake();
    alertReceipts.wake();
  }

  /** What failed is worth another try now. */
  function goOn(): void {
    sync.hurry();
    wake();
  }

  async function useEncryption(): Promise<void> {
    const encryption = await keys.ready;
    rooms.useEncryption(encryption);
    sync.useEncryption(encryption);
    latest.take({ type: 'set-up', done: 'encryption' });
  }

  return {
    identity,
    record,
    api,
    rooms,
    outbox,
    alertReceipts,
    drafts: draftKeeper(storage),
    appservice,
    directory: known,
    latest,
    encryption: () => keys.load(),
    wake() {
      sync.wake();
      wake();
    },
    hurry: () => sync.hurry(),
    stop() {
      storage.stop();
      sync.stop();
      outbox.stop();
      alertReceipts.stop();
      media.stop();
      keys.stop();
      known.stop();
      snapshot.stop();
    },
  };
}

function newOutbox(
  storage: Storage,
  api: SessionApi,
  media: SessionMedia,
  encryption: () => Promise<Encryption>,
  rooms: () => RoomData,
): Outbox {
  return new Outbox(storage, {
    api,
    encryption,
    encryptionRoom: (roomId) => rooms().encryptionRoom(roomId),
    upload: (action, bytes, progress) => uploadFile(media, action, bytes, progress),
  });
}
