import type { MatrixEvent, Room } from 'matrix-js-sdk/lib/matrix.js';
import { DecryptionFailureCode } from 'matrix-js-sdk/lib/crypto-api/index.js';
import { z } from 'zod';
import { editOf } from './edits.ts';
import type { MessageBody } from './protocol.ts';

/** Nothing of a message is believed before it has this shape: any member can send any JSON. */
const contentSchema = z.object({ msgtype: z.string(), body: z.string() });
const editSchema = z.object({ 'm.new_content': contentSchema });
const longestText = 65_536;

const beforeDevice: ReadonlySet<string> = new Set([
  DecryptionFailureCode.HISTORICAL_MESSAGE_NO_KEY_BACKUP,
  DecryptionFailureCode.HISTORICAL_MESSAGE_BACKUP_UNCONFIGURED,
  DecryptionFailureCode.HISTORICAL_MESSAGE_WORKING_BACKUP,
  DecryptionFailureCode.HISTORICAL_MESSAGE_USER_NOT_JOINED,
]);

/** True for what has a place in the timeline: messages, and what may turn out to be one once it is readable. */
export function isMessage(event: MatrixEvent): boolean {
  const type = event.getType();
  if (type !== 'm.room.message' && type !== 'm.room.encrypted') return false;
  return relationType(event) !== 'm.replace';
}

function relationType(event: MatrixEvent): string | null {
  const relation: unknown = event.getWireContent()['m.relates_to'] ?? event.getOriginalContent()['m.relates_to'];
  const parsed = z.object({ rel_type: z.string() }).safeParse(relation);
  return parsed.success ? parsed.data.rel_type : null;
}

export function bodyOf(room: Room, event: MatrixEvent): { body: MessageBody; isEdited: boolean } {
  const edit = editOf(room, event);
  const edited = edit ? editSchema.safeParse(edit.getOriginalContent()) : null;
  if (edited?.success && !event.isRedacted()) {
    return { body: readableBody(edited.data['m.new_content']), isEdited: true };
  }
  return { body: originalBody(event), isEdited: false };
}

function originalBody(event: MatrixEvent): MessageBody {
  if (event.isRedacted()) return { kind: 'deleted' };
  if (event.isDecryptionFailure()) return unreadable(event);
  if (event.getType() === 'm.room.encrypted') return { kind: 'pending' };
  const content = contentSchema.safeParse(event.getOriginalContent());
  return content.success ? readableBody(content.data) : { kind: 'deleted' };
}

function unreadable(event: MatrixEvent): MessageBody {
  const isHistorical = beforeDevice.has(event.decryptionFailureReason ?? '');
  return { kind: 'unreadable', reason: isHistorical ? 'before-device' : 'key-missing' };
}

function readableBody(content: z.infer<typeof contentSchema>): MessageBody {
  const text = content.body.slice(0, longestText);
  const isText = ['m.text', 'm.notice', 'm.emote'].includes(content.msgtype);
  return isText ? { kind: 'text', text } : { kind: 'attachment', name: text };
}
