import { z } from 'zod';
import type { PendingMessage } from './pending-message.ts';
import type { Sending } from '../protocol.ts';

const contentSchema = z.record(z.string(), z.unknown());

const actionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('event'), type: z.string(), content: contentSchema }),
  z.object({ kind: z.literal('redaction'), target: z.string() }),
  z.object({
    kind: z.literal('file'),
    name: z.string(),
    mimeType: z.string(),
    bytes: z.number(),
    /** What the message has beside the file: caption, relations. */
    content: contentSchema,
    /** The whole content once the file is at the homeserver, so that a reload does not upload it again. */
    uploaded: contentSchema.nullable(),
  }),
]);

export const queueEntrySchema = z.object({
  itemId: z.string(),
  roomId: z.string(),
  /** Grows with every entry: the order of sending. */
  position: z.number(),
  createdAt: z.number(),
  action: actionSchema,
  /** Set when sending has failed for good; the person decides what to do. */
  problem: z
    .enum([
      'refused',
      'too-large',
      'not-encrypted',
      'not-set-up',
      'identity-changed',
      'no-roster',
      'file-gone',
      'server',
    ])
    .nullable(),
});

/** What waits to be sent, as it is stored. */
export type QueueEntry = z.infer<typeof queueEntrySchema>;
export type FileAction = Extract<QueueEntry['action'], { kind: 'file' }>;

export function pendingMessage(entry: QueueEntry, sending: Sending, eventId: string | null): PendingMessage {
  const { itemId, roomId, createdAt, action } = entry;
  return { itemId, roomId, createdAt, sending, eventId, ...eventOf(action) };
}

function eventOf(action: QueueEntry['action']): Pick<PendingMessage, 'type' | 'content'> {
  switch (action.kind) {
    case 'event':
      return { type: action.type, content: action.content };
    case 'redaction':
      return { type: 'm.room.redaction', content: { redacts: action.target } };
    case 'file':
      return { type: 'm.room.message', content: action.uploaded ?? localFileContent(action) };
  }
}

/** A file that is still on this device: named, without an address. */
function localFileContent({ name, mimeType, bytes, content }: FileAction): Record<string, unknown> {
  const msgtype = mimeType.startsWith('image/') ? 'm.image' : 'm.file';
  return { msgtype, body: name, filename: name, info: { mimetype: mimeType, size: bytes }, ...content };
}
