import type { MessageBody } from '../engine/protocol.ts';
import type { Messages } from '../i18n/german.ts';

/** A message in words: for labels, where nothing can be drawn. */
export function bodyText(t: Messages, body: MessageBody): string {
  switch (body.kind) {
    case 'text':
      return body.text;
    case 'attachment':
      return `${t.timeline.attachment}: ${body.name}`;
    case 'deleted':
      return t.timeline.deleted;
    case 'pending':
      return t.timeline.deciphering;
    case 'unreadable':
      return body.reason === 'before-device' ? t.timeline.beforeDevice : t.timeline.keyMissing;
  }
}
