/** End-to-end encryption as the engine sees it. The implementation is the Matrix SDK's Rust cryptography, loaded late. */
import type { RawEvent } from '../matrix/raw-event.ts';
import type { EncryptionStatus, Member, Shield, UnreadableReason, Verification } from '../protocol.ts';

/** What the encryption connection of sliding sync brings (MSC4186 with its to_device and e2ee extensions). */
export interface EncryptionChanges {
  readonly toDeviceEvents: readonly unknown[];
  readonly deviceLists: { readonly changed: readonly string[]; readonly left: readonly string[] };
  /** Absent: unchanged. */
  readonly oneTimeKeyCounts?: Readonly<Record<string, number>>;
  readonly unusedFallbackKeys?: readonly string[];
  /** True for the first answer of a connection without `pos`: all device lists have to be asked for again. */
  readonly isFirst: boolean;
}

/** A room as encryption needs it: whom to encrypt for. */
export interface EncryptionRoom {
  readonly roomId: string;
  /** Content of `m.room.encryption`. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly historyVisibility: string;
  /** Joined people, and invited ones where the history visibility lets them read. */
  readonly members: readonly { readonly userId: string; readonly membership: 'join' | 'invite' }[];
  /** Direct chats block on a changed identity; in groups that person's devices are left out. */
  readonly isDirect: boolean;
}

export type Decryption =
  | {
      readonly kind: 'clear';
      readonly type: string;
      readonly content: Readonly<Record<string, unknown>>;
      readonly shield: Shield | null;
    }
  | { readonly kind: 'unreadable'; readonly reason: UnreadableReason; readonly sessionId: string | null };

export interface Encryption {
  /** Hands over one answer of the encryption connection whole. Must settle before its `pos` is stored. */
  receive(changes: EncryptionChanges): Promise<void>;
  /** Never throws for a message that cannot be read. */
  decrypt(roomId: string, event: RawEvent): Promise<Decryption>;
  /** @throws IdentityChangedError if a decision about a person is outstanding, NotSetUpError before the set-up. */
  encrypt(room: EncryptionRoom, type: string, content: object): Promise<{ type: string; content: object }>;
  /** Shares the room key now, so that `encrypt` does not have to. */
  prepare(room: EncryptionRoom): Promise<void>;
  /** Encrypted file upload and download (client-server API, "Sending encrypted attachments"). */
  encryptAttachment(plain: Uint8Array): { readonly cipher: Uint8Array<ArrayBuffer>; readonly info: EncryptedFileInfo };
  /** @throws if the bytes are not those that the sender encrypted. */
  decryptAttachment(cipher: Uint8Array, info: EncryptedFileInfo): Uint8Array<ArrayBuffer>;
  trustOf(userIds: readonly string[]): Promise<ReadonlyMap<string, Member['trust']>>;
  /** People among these whose identity has changed and who need a decision. */
  identityChanges(userIds: readonly string[]): Promise<readonly string[]>;
  acceptIdentity(userId: string): Promise<void>;
  status(): Promise<EncryptionStatus>;
  /** @param password authorises the upload of the signing keys at the homeserver. */
  setUp(password: string, passphrase: string | null): Promise<{ readonly recoveryCode: string }>;
  recover(codeOrPassphrase: string): Promise<void>;
  readonly verification: VerificationCommands;
  /** Ends all work; the stores stay. */
  stop(): void;
}

export interface VerificationCommands {
  request(userId: string, roomId: string | null): Promise<void>;
  accept(): Promise<void>;
  compareEmojis(): Promise<void>;
  scanned(code: Uint8Array): Promise<void>;
  confirm(matches: boolean): Promise<void>;
  cancel(): Promise<void>;
}

/** What encryption tells the engine by itself. */
export interface EncryptionEvents {
  /** Keys came in: what these sessions encrypted can be read now. */
  onKeys(roomId: string, sessionIds: readonly string[]): void;
  onStatus(status: EncryptionStatus): void;
  onVerification(verification: Verification): void;
  /** Trust in these people's identities may have changed. */
  onIdentities(userIds: readonly string[]): void;
  /** Whether there is room on this device for keys: something has failed, and the SDK does not say why. */
  hasRoom(): Promise<boolean>;
}

/** `file` of an encrypted attachment without its `url`. */
export interface EncryptedFileInfo {
  readonly v: string;
  readonly key: Readonly<Record<string, unknown>>;
  readonly iv: string;
  readonly hashes: Readonly<Record<string, string>>;
}

/** This device is not signed by its owner, so nobody would accept what it sends. */
export class NotSetUpError extends Error {}

export class IdentityChangedError extends Error {
  readonly userIds: readonly string[];

  constructor(userIds: readonly string[]) {
    super('identity changed');
    this.userIds = userIds;
  }
}
