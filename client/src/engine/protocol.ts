/**
 * What crosses between the engine and the page: plain data that the structured clone algorithm carries, because the
 * engine runs in a worker that several pages share. Nothing here imports the Matrix SDK.
 */
import type { ClientConfig } from '#contract/client-config.ts';
import type { Domain, NewConversation, PersonSummary, Session } from '#contract/api.ts';
import type { RoomOrigin } from '#contract/event-content.ts';
import type { RichText } from './rich-text.ts';

/** Why a command was not carried out. One kind, one sentence on the screen. */
export type Failure =
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number }
  | { readonly kind: 'wrong-credentials' }
  | { readonly kind: 'account-locked' }
  | { readonly kind: 'refused' }
  /** What was asked for is not there, or may not be seen from here. */
  | { readonly kind: 'not-found' }
  | { readonly kind: 'too-large'; readonly bytesMax: number }
  /** The recovery code or passphrase does not open the key store. */
  | { readonly kind: 'wrong-recovery-code' }
  /** Nothing more fits on this device. */
  | { readonly kind: 'storage-full' }
  | { readonly kind: 'unexpected'; readonly reference: string };

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export type ConnectionState = 'connecting' | 'online' | 'offline';

/** How far the set-up after sign-in has come. */
export type SetUpStep = 'encryption' | 'rooms';

export interface Identity {
  readonly userId: string;
  readonly deviceId: string;
  /** As said at sign-in: nothing of the session may be left on this computer. */
  readonly isSharedComputer: boolean;
}

export interface Credentials {
  readonly name: string;
  readonly password: string;
  /** A computer that others use too: nothing of the session survives the engine's memory. */
  readonly isSharedComputer: boolean;
  /** The device that this browser was before it lost what it had stored: nobody can use it any more. */
  readonly lostDeviceId: string | null;
}

/** Whether the signed-in person may write into a room, and if not, why. */
export type Posting =
  | 'allowed'
  | 'not-permitted'
  | 'not-encrypted'
  /** The other person's identity has changed and nobody has decided about it yet (`identityChanges`). */
  | 'identity-changed';

export type NotificationMode = 'all' | 'mentions' | 'none';

export interface Preview {
  readonly kind: 'text' | 'image' | 'file' | 'deleted' | 'unreadable' | 'pending';
  readonly text: string;
  readonly senderId: string;
  readonly isOwn: boolean;
}

export interface RoomSnapshot {
  readonly roomId: string;
  readonly membership: 'join' | 'invite';
  /** Who invited, in an invitation. */
  readonly inviterId: string | null;
  readonly isSpace: boolean;
  readonly name: string;
  readonly topic: string | null;
  /** From the create event; null in a room that no Landbote appservice made. */
  readonly origin: RoomOrigin | null;
  readonly isEncrypted: boolean;
  readonly posting: Posting;
  /** May leave: rooms that the organisation declares are left by changing the organisation. */
  readonly isLeavable: boolean;
  /** The other person of a direct chat. */
  readonly counterpartId: string | null;
  /** Joined people without service accounts. */
  readonly peopleCount: number;
  /** Milliseconds since the epoch; 0 if nothing was ever written. */
  readonly lastActivityAt: number;
  readonly preview: Preview | null;
  /** Unread messages that notify, counted from the own receipt. */
  readonly unreadCount: number;
  /** True if more are unread than are known on this device ("20+"). */
  readonly isUnreadCountLowerBound: boolean;
  readonly mentionCount: number;
  readonly isFavourite: boolean;
  readonly notifications: NotificationMode;
  /** Others who are typing. */
  readonly typingIds: readonly string[];
  /** Servers that the room's ACL admits; null if the room has none. */
  readonly servers: readonly string[] | null;
  readonly historyVisibility: string;
  /** Longest lifetime of a message in milliseconds; null: kept. */
  readonly retentionMs: number | null;
  /** Rooms and spaces below a space, in the order the space gives them. */
  readonly childIds: readonly string[];
  /** Alerts among its newest messages that were not over when it last changed, oldest first. */
  readonly alerts: readonly RoomAlert[];
}

/** What makes a picture an alert (docs/alerts.md). */
export interface Alert {
  readonly kind: 'wanted' | 'missing' | 'situation';
  readonly urgency: 'notice' | 'urgent' | 'alarm';
  /** The case it belongs to; empty: none. */
  readonly reference: string;
  /** Empty: none. */
  readonly place: string;
  /** Milliseconds since 1970. */
  readonly validUntil: number;
  readonly mustAcknowledge: boolean;
}

export interface RoomAlert {
  readonly eventId: string;
  readonly senderId: string;
  readonly sentAt: number;
  readonly alert: Alert;
  readonly body: MessageBody & { readonly kind: 'image' };
}

/** What a person has done about an alert. Withdrawn: nothing any more. */
export type AlertAct = 'acknowledged' | 'on-it' | 'withdrawn';

/** An alert of one's own, as its roster is asked for. */
export interface SentAlert {
  readonly eventId: string;
  readonly senderId: string;
  readonly sentAt: number;
}

/** What is proven of one person who was in the room when an alert was sent (docs/alerts.md). */
export interface RosterEntry {
  readonly userId: string;
  readonly state: 'acknowledged' | 'on-it' | 'hint' | 'displayed' | 'arrived' | 'open' | 'no-device';
  /** When that happened, in milliseconds since 1970; null: nothing has. */
  readonly at: number | null;
}

/** The own last act about an alert, on whichever device. */
export interface AlertAnswer {
  readonly act: AlertAct;
  /** Milliseconds since 1970, by the clock of that device. */
  readonly at: number;
}

/**
 * Why nothing is sent into a room. `missing`: nobody of ours has signed who belongs to it; `outdated`: not for a fortnight.
 */
export type RosterProblem = 'missing' | 'outdated';

/** What the signed roster says of a room (docs/adr/0022-signed-roster.md). */
export interface RosterState {
  readonly problem: RosterProblem | null;
  /** People in the room who do not belong to it: they get no keys. */
  readonly strangerIds: readonly string[];
}

export interface Member {
  readonly userId: string;
  readonly name: string;
  readonly membership: 'join' | 'invite';
  /** Whether the person's identity was verified by the signed-in person. */
  readonly trust: 'verified' | 'unverified' | 'changed' | 'unknown';
  /** In the room without belonging to it. */
  readonly isStranger: boolean;
}

/** Why a message of one's own did not leave; each has one sentence and one action. */
export type SendingProblem =
  | 'refused'
  | 'too-large'
  | 'not-encrypted'
  /** Nobody would trust it: the account or this device is not set up for encryption yet (`EncryptionStatus`). */
  | 'not-set-up'
  | 'identity-changed'
  /** Nobody of ours has signed who belongs to the room (`RosterState`). */
  | 'no-roster'
  | 'file-gone'
  | 'server';

export type Sending =
  | { readonly state: 'sent' }
  | { readonly state: 'waiting' }
  | { readonly state: 'sending' }
  | { readonly state: 'uploading'; readonly sentBytes: number; readonly totalBytes: number }
  | { readonly state: 'failed'; readonly problem: SendingProblem };

/** A picture or file. `source` names it for the media address (`mediaUrl`); null while it is only on this device. */
export interface Attachment {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: number | null;
  readonly source: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly blurhash: string | null;
  readonly thumbnail: string | null;
}

/**
 * Why a message cannot be read.
 * - `before-sign-in`: sent before the person's first sign-in; no fault.
 * - `before-device`: sent before this device; the recovery code or another device brings the key.
 * - `withheld`: the sender's device keeps its keys from this one, because it is not verified.
 * - `sender-unverified`: the sending device is signed by nobody.
 * - `sender-mismatch`: who sent it and whose key it is do not agree (CVE-2025-48937).
 */
export type UnreadableReason =
  'key-missing' | 'before-sign-in' | 'before-device' | 'withheld' | 'sender-unverified' | 'sender-mismatch' | 'broken';

export type MessageBody =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly rich: RichText;
      readonly tone: 'plain' | 'notice' | 'emote';
    }
  | { readonly kind: 'image'; readonly attachment: Attachment; readonly caption: RichText | null }
  | { readonly kind: 'file'; readonly attachment: Attachment; readonly caption: RichText | null }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'pending' }
  | { readonly kind: 'unreadable'; readonly reason: UnreadableReason };

export interface Reaction {
  readonly key: string;
  readonly senderIds: readonly string[];
  readonly isOwn: boolean;
}

/** What a message answers. Body null: not known (yet). */
export interface Quote {
  readonly eventId: string;
  readonly senderId: string | null;
  readonly text: string | null;
}

/** What this device found out about a message's protection. Null: nothing to say. */
export type Shield =
  /** Plain text in an encrypted room: nobody vouches for its content. */
  | 'unprotected'
  /** From a device that its owner has not signed. */
  | 'unverified-device'
  /** The person's identity was verified once and has changed. */
  | 'identity-changed'
  /** The key came from the backup or a file: who sent it cannot be proven. */
  | 'authenticity-unknown';

export interface TimelineItem {
  /** Stable from local echo to the server's answer. */
  readonly id: string;
  /** Empty until the server has named it. */
  readonly eventId: string;
  readonly senderId: string;
  /** Name in the room, for people whom the directory does not know. */
  readonly senderName: string;
  readonly sentAt: number;
  readonly isOwn: boolean;
  readonly body: MessageBody;
  /** Null: no alert. */
  readonly alert: Alert | null;
  readonly quote: Quote | null;
  readonly reactions: readonly Reaction[];
  readonly isEdited: boolean;
  readonly mentionsMe: boolean;
  readonly shield: Shield | null;
  readonly sending: Sending;
  readonly canEdit: boolean;
  readonly canDelete: boolean;
}

/** A part of the room's history, oldest first. The page holds at most a window of it. */
export interface TimelineUpdate {
  readonly roomId: string;
  /** Items that are new or have changed. The first update after opening a room names all. */
  readonly changed: readonly TimelineItem[];
  readonly order: readonly string[];
  readonly hasOlder: boolean;
  /** True while the window does not reach the newest message (after a jump). */
  readonly hasNewer: boolean;
  /** First message of others after the last one read, as of opening the room. */
  readonly firstUnreadId: string | null;
  /** People whose changed identity needs a decision before they get anything more. */
  readonly identityChanges: readonly string[];
  readonly roster: RosterState;
}

/** How well this device and this account are prepared for reading everything everywhere. */
export interface EncryptionStatus {
  /** `missing`: nobody has set it up for this account; `locked`: set up elsewhere, this device is not verified. */
  readonly state: 'unknown' | 'missing' | 'locked' | 'ready';
  readonly isBackupActive: boolean;
  /** Another device of the account could verify this one. */
  readonly hasOtherDevices: boolean;
}

export interface VerificationEmoji {
  readonly symbol: string;
  /** English name from the specification, key of its translation. */
  readonly name: string;
}

/** One verification at a time. */
export type Verification =
  | { readonly phase: 'none' }
  | {
      readonly phase: 'requested';
      readonly otherUserId: string;
      readonly otherDeviceId: string | null;
      readonly isIncoming: boolean;
    }
  | {
      readonly phase: 'ready';
      readonly otherUserId: string;
      readonly qrCode: Uint8Array | null;
      readonly canScan: boolean;
    }
  | { readonly phase: 'compare'; readonly emojis: readonly VerificationEmoji[] }
  /** The other side has scanned our code and asks whether it says so. */
  | { readonly phase: 'confirm-scan' }
  | { readonly phase: 'waiting' }
  | { readonly phase: 'done' }
  | { readonly phase: 'cancelled'; readonly reason: 'mismatch' | 'by-other' | 'timeout' | 'other' };

export type Update =
  | { readonly type: 'connection'; readonly state: ConnectionState }
  | { readonly type: 'set-up'; readonly done: SetUpStep }
  | { readonly type: 'rooms'; readonly changed: readonly RoomSnapshot[]; readonly removedIds: readonly string[] }
  | { readonly type: 'timeline'; readonly update: TimelineUpdate }
  | { readonly type: 'members'; readonly roomId: string; readonly members: readonly Member[] }
  | { readonly type: 'encryption'; readonly status: EncryptionStatus }
  | { readonly type: 'verification'; readonly verification: Verification }
  /** A message that notifies, for the page to show if nobody looks at the room. */
  | { readonly type: 'notification'; readonly roomId: string; readonly item: TimelineItem }
  /** Somebody has signed in again on this device: what was typed before the session ended, by room id. */
  | { readonly type: 'drafts'; readonly drafts: Readonly<Record<string, string>> }
  /** The own answers to alerts, by event id. */
  | { readonly type: 'alert-answers'; readonly answers: Readonly<Record<string, AlertAnswer>> }
  /** Whether nothing more fits on this device: keys and messages wait until there is room. */
  | { readonly type: 'storage'; readonly isFull: boolean }
  /** This browser keeps nothing between two visits: it is used as a shared computer is. */
  | { readonly type: 'nothing-kept' }
  /** The engine has begun anew (another tab's ended); the page asks again for what it shows. */
  | { readonly type: 'restarted' }
  /** The homeserver has ended this device's session, confirmed by asking it. */
  | { readonly type: 'session-ended' };

export interface OutgoingMessage {
  /** Markdown as typed. */
  readonly text: string;
  readonly mentionIds: readonly string[];
  /** Event id of the message that this one answers. */
  readonly answers: string | null;
}

export interface OutgoingFile {
  readonly file: Blob;
  readonly name: string;
  readonly caption: string;
  readonly answers: string | null;
  /** Null: a picture or file as any other. */
  readonly alert: Alert | null;
}

export interface Engine {
  /** Returns a function that ends the subscription. */
  subscribe(listener: (update: Update) => void): () => void;
  /** What the served client must know before anybody has signed in. */
  configuration(): Promise<Result<ClientConfig>>;
  signIn(credentials: Credentials): Promise<Result<Identity>>;
  /** Takes up the session stored on this device. `null`: there is none. */
  restore(): Promise<Result<Identity | null>>;
  /** Ends the session at the homeserver, if it answers, and clears what this device stores of it in any case. */
  signOut(): Promise<void>;

  /** Whether this page is looked at: where nobody looks, the engine takes its time after an outage. */
  setWatched(isWatched: boolean): void;

  /** Opens a room at its newest message, or around an event. One room at a time a page. */
  openRoom(roomId: string, aroundEventId: string | null): Promise<Result<void>>;
  closeRoom(): void;
  loadOlder(roomId: string): Promise<Result<void>>;
  loadNewer(roomId: string): Promise<Result<void>>;
  /** The person is about to open the room: what it would show, and loads what opening it will need. Null: not known. */
  prefetch(roomId: string): Promise<Result<TimelineUpdate | null>>;
  /** Tells the homeserver, and nobody else, that everything up to the newest message was seen. */
  markRead(roomId: string): void;
  setTyping(roomId: string, isTyping: boolean): void;

  /** Keeps what was typed and not sent. Empty: nothing any more. */
  keepDraft(roomId: string, text: string): void;
  /** Shares the room's key in advance, so that sending takes one request. */
  prepareToSend(roomId: string): void;
  /**
   * Resolves when the message is stored; what becomes of it shows at the message. Commanded again, it is sent once.
   * `itemId` is made by the page, which shows the message in the same frame; it is the transaction id.
   */
  sendMessage(roomId: string, itemId: string, message: OutgoingMessage): Promise<Result<void>>;
  sendFile(roomId: string, itemId: string, file: OutgoingFile): void;
  /** Resolves when the edit is stored. */
  edit(roomId: string, itemId: string, message: OutgoingMessage): Promise<Result<void>>;
  delete(roomId: string, itemId: string): void;
  /** Adds the reaction, or takes back one's own. */
  react(roomId: string, itemId: string, key: string): void;
  /** Sends again under the same transaction id, so that no message can arrive twice. */
  retrySending(roomId: string, itemId: string): void;
  /** Gives up a message that has not left, an upload in progress included. */
  discardUnsent(roomId: string, itemId: string): void;

  /** The alert stands on a screen that somebody looks at. */
  showedAlert(roomId: string, eventId: string): void;
  /** Resolves when it is stored; it is sent as soon as there is a connection, with the time of now. */
  answerAlert(roomId: string, eventId: string, act: AlertAct): Promise<Result<void>>;
  /** Who has seen an alert of one's own. */
  alertRoster(roomId: string, alert: SentAlert): Promise<Result<readonly RosterEntry[]>>;

  acceptInvitation(roomId: string): Promise<Result<void>>;
  /** Declines an invitation too. */
  leaveRoom(roomId: string): Promise<Result<void>>;
  setFavourite(roomId: string, isFavourite: boolean): Promise<Result<void>>;
  setNotifications(roomId: string, mode: NotificationMode): Promise<Result<void>>;

  /**
   * Makes cross-signing, secret storage, key backup and the dehydrated device.
   * @param passphrase null: a recovery code is made. Returns the code in either case.
   */
  setUpEncryption(password: string, passphrase: string | null): Promise<Result<{ readonly recoveryCode: string }>>;
  /** Verifies this device by the recovery code or passphrase and fetches the backed-up keys. */
  recover(codeOrPassphrase: string): Promise<Result<void>>;
  /** Asks the other own devices, or the person, to verify. */
  requestVerification(userId: string, roomId: string | null): Promise<Result<void>>;
  acceptVerification(): Promise<Result<void>>;
  compareEmojis(): Promise<Result<void>>;
  scannedCode(code: Uint8Array): Promise<Result<void>>;
  confirmVerification(matches: boolean): Promise<Result<void>>;
  cancelVerification(): Promise<void>;
  /** Goes on with a person whose identity has changed, unverified from now on. */
  acceptIdentity(userId: string): Promise<Result<void>>;

  ownSession(): Promise<Result<Session>>;
  domain(): Promise<Result<Domain>>;
  searchPeople(query: string, limit: number): Promise<Result<{ people: readonly PersonSummary[]; total: number }>>;
  lookUpPeople(userIds: readonly string[]): Promise<Result<readonly PersonSummary[]>>;
  startConversation(conversation: NewConversation): Promise<Result<{ roomId: string; created: boolean }>>;
}
