/**
 * What the engine knows of rooms and messages: fed by the sync, kept in the storage, shown in snapshots and views.
 *
 * Composition: `createRoomData(…)` (create-room-data.ts), `await restore()` (emits all rooms from the storage), then `startSync(…)`.
 * When encryption is up: `useEncryption`, afterwards `keysArrived` and `identitiesChanged` from its events.
 * One `openView` for each page's open room; its `emit` carries the patches for that page.
 */
import type { RoomOrigin } from '#contract/event-content.ts';
import type { Receipts } from '#contract/room-class.ts';
import type { Encryption, EncryptionRoom } from '../encryption/encryption.ts';
import type { HomeserverApi } from '../matrix/homeserver-api.ts';
import type { Member, NotificationMode, RoomSnapshot, TimelineItem, TimelineUpdate } from '../protocol.ts';
import type { PendingMessages } from '../sending/pending-message.ts';
import type { PinnedKeys } from '../roster/pinned-keys.ts';
import type { ReadAttachment } from '../timeline/message-body.ts';
import type { Storage, StorageChange } from '../storage/storage.ts';
import type { RoomsAnswer } from '../sync/rooms-answer.ts';

/** What rooms need of encryption. */
export type ReadingEncryption = Pick<Encryption, 'decrypt' | 'trustOf' | 'identityChanges'>;

export interface RoomDataSurroundings {
  readonly userId: string;
  readonly api: HomeserverApi;
  readonly storage: Storage;
  readonly pending: PendingMessages;
  readonly readAttachment: ReadAttachment;
  /** What the policy of the own trust domain says of a class; where nothing is known of it yet, private. */
  receiptsIn(roomClass: RoomOrigin['class']): Receipts;
  /** Of those who say who belongs to a room. */
  readonly pinnedKeys: PinnedKeys;
  /** Rooms that are new or have changed, and those the person is in no more. */
  onRooms(changed: readonly RoomSnapshot[], removedIds: readonly string[]): void;
  /** The members of a room with an open view have changed. */
  onMembers(roomId: string, members: readonly Member[]): void;
  /** It is known who belongs to the room: what waited for that can be sent. */
  onRoster(roomId: string): void;
  /** A message of somebody else has come in and notifies. In encrypted rooms once it is readable. */
  onNotification(roomId: string, item: TimelineItem): void;
}

export interface RoomData {
  /** Takes up what the storage holds; damaged records count as absent. */
  restore(): Promise<void>;
  snapshots(): readonly RoomSnapshot[];

  /** Applies one answer of the rooms connection and stores it together with `position`. Repeating it is harmless. */
  receive(answer: RoomsAnswer, position: StorageChange): Promise<void>;

  /** A new connection has brought all rooms there are: others were left meanwhile, and go. */
  keepOnly(roomIds: ReadonlySet<string>): Promise<void>;

  /** From now on messages are decrypted; views and previews that waited follow. */
  useEncryption(encryption: ReadingEncryption): void;
  keysArrived(roomId: string, sessionIds: readonly string[]): void;
  identitiesChanged(userIds: readonly string[]): void;

  /** Shows a room at its newest message, or around an event. @throws HomeserverError, UnreachableError if nothing is held of it. */
  openView(roomId: string, aroundEventId: string | null, emit: (update: TimelineUpdate) => void): Promise<RoomView>;
  /** What the room would show; loads what opening it will need. Null: not known. */
  prefetch(roomId: string): Promise<TimelineUpdate | null>;

  /** Joined and invited people without service accounts; loaded once, kept by the sync. */
  members(roomId: string): Promise<readonly Member[]>;
  /** Whom to encrypt for. Null: the room is not encrypted. @throws RosterError if nobody of ours has signed who belongs. */
  encryptionRoom(roomId: string): Promise<EncryptionRoom | null>;
  /** What replies, edits and reactions need to know of a message. Null: not held. */
  message(roomId: string, itemId: string): Promise<HeldMessage | null>;
  /** Event or item id of the signed-in person's reaction, to take it back. */
  ownReaction(roomId: string, itemId: string, key: string): Promise<string | null>;

  /** Read marker and receipt at the newest message; private, unless the room's class makes receipts public. */
  markRead(roomId: string): Promise<void>;
  setTyping(roomId: string, isTyping: boolean): Promise<void>;
  acceptInvitation(roomId: string): Promise<void>;
  /** Declines an invitation too. */
  leaveRoom(roomId: string): Promise<void>;
  setFavourite(roomId: string, isFavourite: boolean): Promise<void>;
  setNotifications(roomId: string, mode: NotificationMode): Promise<void>;
}

/** A window on a room's history, for one page. */
export interface RoomView {
  readonly roomId: string;
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  /** Emits the whole window again, for a page that has lost it. */
  repeat(): void;
  close(): void;
}

export interface HeldMessage {
  /** The event's id; of a message on its way its item id. */
  readonly eventId: string;
  readonly senderId: string;
  /** Content as it is shown: decrypted, and of the latest edit. */
  readonly content: Readonly<Record<string, unknown>>;
}
