/**
 * What crosses between the engine and the model: plain data only, so that the engine can move into a worker
 * without a change on this side. Nothing here imports the Matrix SDK.
 */
import type { Domain, NewConversation, PersonSummary, Session } from '#contract/api.ts';
import type { RoomOrigin } from '#contract/event-content.ts';

/** Why a command was not carried out. One kind, one sentence on the screen. */
export type Failure =
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number }
  | { readonly kind: 'wrong-credentials' }
  | { readonly kind: 'account-locked' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unexpected'; readonly reference: string };

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export type ConnectionState = 'connecting' | 'online' | 'offline';

/** How far the set-up after sign-in has come. */
export type SetUpStep = 'encryption' | 'rooms';

export interface Identity {
  readonly userId: string;
  readonly deviceId: string;
}

/** Whether the signed-in person may write into a room, and if not, why. */
export type Posting = 'allowed' | 'not-permitted' | 'not-encrypted';

export interface Preview {
  readonly kind: 'text' | 'attachment' | 'deleted' | 'unreadable' | 'pending';
  readonly text: string;
  readonly senderId: string;
  readonly isOwn: boolean;
}

export interface RoomSnapshot {
  readonly roomId: string;
  readonly isSpace: boolean;
  readonly name: string;
  readonly topic: string | null;
  /** From the create event; null in a room that no Landbote appservice made. */
  readonly origin: RoomOrigin | null;
  readonly isEncrypted: boolean;
  readonly posting: Posting;
  /** The other person of a direct chat. */
  readonly counterpartId: string | null;
  /** Joined people without service accounts. */
  readonly peopleCount: number;
  /** Milliseconds since the epoch; 0 if nothing was ever written. */
  readonly lastActivityAt: number;
  readonly preview: Preview | null;
  readonly unreadCount: number;
  readonly mentionCount: number;
  /** Rooms and spaces below a space, in the order the space gives them. */
  readonly childIds: readonly string[];
}

export interface Member {
  readonly userId: string;
  readonly name: string;
}

export type SendingState = 'sent' | 'waiting' | 'failed';

export type MessageBody =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'attachment'; readonly name: string }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'pending' }
  /** `before-device`: sent before this device existed, so its key was never meant for it. */
  | { readonly kind: 'unreadable'; readonly reason: 'key-missing' | 'before-device' };

export interface TimelineItem {
  /** Stable from local echo to the server's answer. */
  readonly id: string;
  readonly eventId: string;
  readonly senderId: string;
  /** Name in the room, for people whom the directory does not know. */
  readonly senderName: string;
  readonly sentAt: number;
  readonly isOwn: boolean;
  readonly body: MessageBody;
  readonly isEdited: boolean;
  /** True for plain text in an encrypted room: nobody vouches for its content. */
  readonly isUnprotected: boolean;
  readonly sending: SendingState;
}

/** Items that are new or have changed, and the order of all. The first update after opening a room names all. */
export interface TimelineUpdate {
  readonly roomId: string;
  readonly changed: readonly TimelineItem[];
  readonly order: readonly string[];
  readonly hasOlder: boolean;
  /** First message of others after the last one read, as of opening the room. */
  readonly firstUnreadId: string | null;
}

export type Update =
  | { readonly type: 'connection'; readonly state: ConnectionState }
  | { readonly type: 'set-up'; readonly done: SetUpStep }
  | { readonly type: 'rooms'; readonly changed: readonly RoomSnapshot[]; readonly removedIds: readonly string[] }
  | { readonly type: 'timeline'; readonly update: TimelineUpdate }
  | { readonly type: 'members'; readonly roomId: string; readonly members: readonly Member[] }
  /** The homeserver has ended this device's session, confirmed by asking it. */
  | { readonly type: 'session-ended' };

export interface Engine {
  /** Returns a function that ends the subscription. */
  subscribe(listener: (update: Update) => void): () => void;
  signIn(name: string, password: string): Promise<Result<Identity>>;
  /** Takes up the session stored on this device. `null`: there is none. */
  restore(): Promise<Result<Identity | null>>;
  /** Ends the session at the homeserver, if it answers, and clears what this device stores of it in any case. */
  signOut(): Promise<void>;
  /** Stops all work and keeps what is stored, because another tab takes over. */
  stop(): void;
  openRoom(roomId: string): Promise<Result<void>>;
  closeRoom(): void;
  loadOlder(roomId: string): Promise<Result<void>>;
  /** Tells the homeserver, and nobody else, that everything up to the newest message was seen. */
  markRead(roomId: string): void;
  /** Shares the room's key in advance, so that sending takes one request. */
  prepareToSend(roomId: string): void;
  sendText(roomId: string, text: string): void;
  /** Sends again under the same transaction id, so that no message can arrive twice. */
  retrySending(roomId: string, itemId: string): void;
  discardUnsent(roomId: string, itemId: string): void;
  ownSession(): Promise<Result<Session>>;
  domain(): Promise<Result<Domain>>;
  searchPeople(query: string, limit: number): Promise<Result<{ people: readonly PersonSummary[]; total: number }>>;
  lookUpPeople(userIds: readonly string[]): Promise<Result<readonly PersonSummary[]>>;
  startConversation(conversation: NewConversation): Promise<Result<{ roomId: string; created: boolean }>>;
}
