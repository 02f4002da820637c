import type { MessageBody } from '../engine/protocol.ts';
import type { Messages } from '../i18n/german.ts';

/** A message in words: for labels, quotes and lists, where nothing can be drawn. */
export function bodyText(t: Messages, body: MessageBody): string {
  switch (body.kind) {
    case 'text':
      return body.text;
    case 'image':
      return `${t.timeline.picture}: ${body.attachment.name}`;
    case 'file':
      return `${t.timeline.file}: ${body.attachment.name}`;
    case 'deleted':
      return t.timeline.deleted;
    case 'pending':
      return t.timeline.deciphering;
    case 'unreadable':
      return t.unreadable[body.reason];
  }
}
