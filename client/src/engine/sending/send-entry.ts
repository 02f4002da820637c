/** One attempt to send one entry. Repeating it is safe: the transaction id stays the same. */
import { z } from 'zod';
import type { Encryption, EncryptionRoom } from '../encryption/encryption.ts';
import type { HomeserverApi } from '../matrix/homeserver-api.ts';
import type { FileAction, QueueEntry } from './queue-entry.ts';

type Content = Readonly<Record<string, unknown>>;

export interface Sender {
  readonly api: HomeserverApi;
  encryption(): Promise<Encryption>;
  /** Null: the room is not encrypted. */
  encryptionRoom(roomId: string): Promise<EncryptionRoom | null>;
  /** Uploads a file and returns the whole content of its event. */
  upload(action: FileAction, bytes: Uint8Array<ArrayBuffer>, progress: Progress): Promise<Content>;
  /** The bytes of a file that waits; null if the browser has lost them. */
  fileOf(itemId: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** The event id for an item id, if the homeserver has taken it; event ids stand for themselves. */
  eventIdOf(itemOrEventId: string): string;
}

export interface Progress {
  readonly signal: AbortSignal;
  /** Nothing leaves the device before it would survive a crash. */
  readonly stored: Promise<void>;
  onUploading(sentBytes: number, totalBytes: number): void;
  /** The upload is done: `content` has to survive a restart. */
  onUploaded(content: Content): Promise<void>;
}

/** Rooms without encryption are for reading only: this client never sends plain text. */
export class NotEncryptedError extends Error {}
/** The browser has lost the file, for example under pressure of space. */
export class FileGoneError extends Error {}

const sentSchema = z.object({ event_id: z.string() });

/** Client-server API: a reaction stays in the clear, as every client expects; its relation does in any case. */
const unencryptedTypes: ReadonlySet<string> = new Set(['m.reaction']);

/** @returns the event id. */
export async function sendEntry(sender: Sender, entry: QueueEntry, progress: Progress): Promise<string> {
  const { action } = entry;
  if (action.kind === 'redaction')
    return put(sender, entry, `redact/${encodeURIComponent(sender.eventIdOf(action.target))}`, {}, progress);
  const type = action.kind === 'file' ? 'm.room.message' : action.type;
  const content = action.kind === 'file' ? await uploaded(sender, entry, action, progress) : action.content;
  const event = await encrypted(sender, entry.roomId, type, withEventIds(sender, content));
  return put(sender, entry, `send/${encodeURIComponent(event.type)}`, event.content, progress);
}

async function uploaded(sender: Sender, entry: QueueEntry, action: FileAction, progress: Progress): Promise<Content> {
  if (action.uploaded) return action.uploaded;
  await progress.stored;
  const bytes = await sender.fileOf(entry.itemId);
  if (bytes === null) throw new FileGoneError();
  const content = await sender.upload(action, bytes, progress);
  await progress.onUploaded(content);
  return content;
}

async function encrypted(sender: Sender, roomId: string, type: string, content: Content) {
  const room = await sender.encryptionRoom(roomId);
  if (room === null) throw new NotEncryptedError();
  if (unencryptedTypes.has(type)) return { type, content };
  return (await sender.encryption()).encrypt(room, type, content);
}

async function put(
  sender: Sender,
  entry: QueueEntry,
  what: string,
  content: object,
  { signal, stored }: Progress,
): Promise<string> {
  await stored;
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(entry.roomId)}/${what}/${encodeURIComponent(entry.itemId)}`;
  return sentSchema.parse(await sender.api.request('PUT', path, { body: content, signal })).event_id;
}

const relationSchema = z.looseObject({
  event_id: z.string().optional(),
  'm.in_reply_to': z.looseObject({ event_id: z.string() }).optional(),
});

/** Relations to what was pending when this was written get its event id. */
function withEventIds({ eventIdOf }: Sender, content: Content): Content {
  const relation = relationSchema.safeParse(content['m.relates_to']);
  if (!relation.success) return content;
  const { event_id: target, 'm.in_reply_to': answered, ...rest } = relation.data;
  const resolved = {
    ...rest,
    ...(target === undefined ? {} : { event_id: eventIdOf(target) }),
    ...(answered === undefined ? {} : { 'm.in_reply_to': { event_id: eventIdOf(answered.event_id) } }),
  };
  return { ...content, 'm.relates_to': resolved };
}
