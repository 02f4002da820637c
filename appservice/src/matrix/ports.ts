/**
 * What the appservice needs of a homeserver, one capability an interface. A function takes the narrowest one, so
 * its signature says what it can do; the recording adapter implements the same interfaces for previews.
 */
import type { EventId, RoomId, ServerName, UserId } from '#contract/ids.ts';

/** Body of `POST /_matrix/client/v3/createRoom`, with everything that protects the room in it. */
export interface RoomCreation {
  readonly room_version: '12';
  readonly visibility: 'private';
  readonly preset: 'private_chat';
  readonly invite: readonly UserId[];
  readonly creation_content: Readonly<Record<string, unknown>>;
  /** Name, topic and power levels too: what stands here is written exactly as it is. */
  readonly initial_state: readonly StateContent[];
}

export interface StateContent {
  readonly type: string;
  readonly state_key: string;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface StateEvent extends StateContent {
  readonly sender: UserId;
  readonly event_id: string;
}

/** A homeserver's refusal or silence. `retryAfterMs` where it asks for patience. */
export class HomeserverError extends Error {
  override readonly name = 'HomeserverError';
  readonly status: number;
  readonly errcode: string;
  readonly retryAfterMs: number | null;

  constructor(status: number, errcode: string, message: string, retryAfterMs: number | null = null) {
    super(message);
    this.status = status;
    this.errcode = errcode;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface RoomCreator {
  createRoom(creation: RoomCreation): Promise<RoomId>;
}
export interface RoomStateReader {
  readState(roomId: RoomId): Promise<readonly StateEvent[]>;
}
export interface RoomStateSender {
  sendState(roomId: RoomId, state: StateContent): Promise<void>;
}
export interface RoomInviter {
  invite(roomId: RoomId, userId: UserId): Promise<void>;
}
interface RoomRemover {
  kick(roomId: RoomId, userId: UserId, reason: string): Promise<void>;
}
/** Keeps a person out of a room until they are let in again. */
export interface RoomBanner {
  ban(roomId: RoomId, userId: UserId, reason: string): Promise<void>;
  unban(roomId: RoomId, userId: UserId, reason: string): Promise<void>;
}
export interface SentMessage {
  readonly sender: UserId;
  /** Milliseconds since 1970, by the sender's homeserver. */
  readonly sentAt: number;
  /** Its content is gone; that it was there is still known. */
  readonly isDeleted: boolean;
}
export interface MessageReader {
  /** null: the room has no such event, the bot may not read it, or it is state. */
  readMessage(roomId: RoomId, eventId: EventId): Promise<SentMessage | null>;
}
/** What takes a message away for everybody. */
export interface MessageRemover {
  redact(roomId: RoomId, eventId: EventId, reason: string): Promise<void>;
}
/** Joins a person of the own homeserver who was invited. `via`: servers to join through when the room lives elsewhere. */
export interface PersonJoiner {
  joinAs(userId: UserId, roomId: RoomId, via: readonly ServerName[]): Promise<void>;
}
/** Takes a person of the own homeserver out of a room, or turns down their invitation. */
export interface PersonLeaver {
  leaveAs(userId: UserId, roomId: RoomId): Promise<void>;
}
/** A homeserver's key for signing events and requests. */
export interface SigningKey {
  /** `ed25519:a_AbCd` */
  readonly id: string;
  /** The public key in unpadded base64. */
  readonly key: string;
}
/** Throws HomeserverError if the own homeserver does not answer. */
export interface SigningKeyReader {
  ownSigningKeys(): Promise<readonly SigningKey[]>;
  /** The keys of another homeserver that are valid for the own one; empty if that one does not answer either. `keyId`: the one to be fetched. */
  signingKeysOf(serverName: ServerName, keyId: string): Promise<readonly SigningKey[]>;
}
export interface GroupJoiner {
  /**
   * Invites and joins many people of the own homeserver to a room that the bot created. Answers who of them is in the
   * room afterwards; who is not was refused. null: this homeserver cannot, and people are joined one by one.
   */
  readonly joinTogether: ((roomId: RoomId, people: readonly UserId[]) => Promise<ReadonlySet<UserId>>) | null;
}
export interface JoinedRoomsReader {
  joinedRooms(): Promise<readonly RoomId[]>;
}
/** An invitation as the invited person's homeserver shows it. */
export interface Invitation {
  readonly roomId: RoomId;
  readonly inviter: UserId;
  readonly strippedState: readonly StateContent[];
}
export interface InvitationReader {
  pendingInvitations(userId: UserId): Promise<readonly Invitation[]>;
}
export interface RoomMemberReader {
  /** Content of `m.room.member`'s `membership`, as the bot sees it; null for somebody who never had one. */
  readMembership(roomId: RoomId, userId: UserId): Promise<string | null>;
}
export interface MembershipReader {
  /** Whether a person of the own homeserver is in the room at this moment. */
  isJoined(userId: UserId, roomId: RoomId): Promise<boolean>;
}
/** The rooms of a person of the own homeserver, as that person sees them. */
export interface PersonRoomReader {
  joinedRoomsOf(userId: UserId): Promise<readonly RoomId[]>;
  /** `m.room.create`; null if the person may not read it (any more). */
  readCreateEventAs(userId: UserId, roomId: RoomId): Promise<StateEvent | null>;
  readStateAs(userId: UserId, roomId: RoomId): Promise<readonly StateEvent[]>;
}
export interface AccountReader {
  accountExists(userId: UserId): Promise<boolean>;
}
export interface ClosedAccountReader {
  /** Accounts of the own homeserver that were closed; nobody where it cannot say. */
  closedAccounts(): Promise<ReadonlySet<UserId>>;
}
interface AccountRegistrar {
  /** Creates the account without a password and sets its display name. An existing account is no error. */
  registerAccount(userId: UserId, displayName: string): Promise<void>;
}
/** Asks the homeserver whose an OpenID token is. null if it knows no such token. */
export interface OpenIdVerifier {
  userOfOpenIdToken(accessToken: string): Promise<UserId | null>;
}

/** What carrying out a plan asks of a homeserver. */
export type Actor = AccountRegistrar &
  GroupJoiner &
  PersonJoiner &
  RoomBanner &
  RoomCreator &
  RoomInviter &
  RoomMemberReader &
  RoomRemover &
  RoomStateSender;

/** All capabilities of one homeserver, as the composition root hands them out. */
export type Homeserver = RoomCreator &
  RoomStateReader &
  RoomStateSender &
  RoomInviter &
  RoomRemover &
  RoomBanner &
  MessageReader &
  MessageRemover &
  PersonJoiner &
  PersonLeaver &
  SigningKeyReader &
  GroupJoiner &
  JoinedRoomsReader &
  InvitationReader &
  RoomMemberReader &
  MembershipReader &
  PersonRoomReader &
  AccountReader &
  ClosedAccountReader &
  AccountRegistrar &
  OpenIdVerifier;
