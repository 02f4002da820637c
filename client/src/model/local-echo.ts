import { inlinesOfLine, withoutMentionLinks } from './mentions.ts';
import type { OutgoingFile, OutgoingMessage, Quote, TimelineItem } from '../engine/protocol.ts';
import type { Block, Inline, RichText } from '../engine/rich-text.ts';

export interface Author {
  readonly userId: string;
  readonly name: string;
}

interface EchoOf {
  readonly itemId: string;
  readonly author: Author;
  readonly sentAt: number;
  readonly quote: Quote | null;
}

/** The own message as it stands until the engine gives its own version, a moment later. */
export function echoOfMessage(of: EchoOf, { text }: OutgoingMessage): TimelineItem {
  return echo(
    of,
    { kind: 'text', text: withoutMentionLinks(text), rich: plainRichText(text), tone: 'plain' },
    { state: 'sending' },
  );
}

export function echoOfFile(of: EchoOf, { file, name, caption, alert }: OutgoingFile): TimelineItem {
  const attachment = {
    name,
    mimeType: file.type || 'application/octet-stream',
    bytes: file.size,
    source: null,
    width: null,
    height: null,
    blurhash: null,
    thumbnail: null,
  };
  const kind = file.type.startsWith('image/') ? 'image' : 'file';
  const body = { kind, attachment, caption: caption === '' ? null : plainRichText(caption) } as const;
  return { ...echo(of, body, { state: 'uploading', sentBytes: 0, totalBytes: file.size }), alert };
}

function echo(of: EchoOf, body: TimelineItem['body'], sending: TimelineItem['sending']): TimelineItem {
  return {
    id: of.itemId,
    eventId: '',
    senderId: of.author.userId,
    senderName: of.author.name,
    sentAt: of.sentAt,
    isOwn: true,
    body,
    alert: null,
    quote: of.quote,
    reactions: [],
    isEdited: false,
    mentionsMe: false,
    shield: null,
    sending,
    canEdit: false,
    canDelete: false,
  };
}

/** Paragraphs, lines and mentions, nothing more: Markdown is the engine's to read. */
export function plainRichText(text: string): RichText {
  return text.split(/\n{2,}/).map((paragraph): Block => ({ kind: 'paragraph', content: linesOf(paragraph) }));
}

const lineBreak: readonly Inline[] = [{ kind: 'break' }];

function linesOf(paragraph: string): readonly Inline[] {
  const lines = paragraph.split('\n').map(inlinesOfLine);
  return lines.flatMap((line, index) => (index > 0 ? [lineBreak, line] : [line])).flat();
}
