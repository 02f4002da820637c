import { z } from 'zod';
import type { Attachment, MessageBody } from '../protocol.ts';
import type { RichText } from '../rich-text.ts';
import { formattedBody } from '../rich-text/formatted-body.ts';
import { longestText, plainText, wordsOf } from '../rich-text/plain-text.ts';

type Content = Readonly<Record<string, unknown>>;

/** What the media part makes of the content of a picture or file; null: none that can be fetched. */
export type ReadAttachment = (
  content: Content,
) => { readonly kind: 'image' | 'file'; readonly caption: string | null; readonly attachment: Attachment } | null;

/** Nothing of a message is believed before it has this shape: any member can send any JSON. */
const contentSchema = z.object({
  msgtype: z.string(),
  body: z.string().catch(''),
  format: z.string().optional().catch(undefined),
  formatted_body: z.string().optional().catch(undefined),
  filename: z.string().optional().catch(undefined),
  info: z
    .object({ mimetype: z.string().optional().catch(undefined), size: z.number().optional().catch(undefined) })
    .catch({}),
});
type MessageContent = z.infer<typeof contentSchema>;

const tones: Readonly<Record<string, 'plain' | 'notice' | 'emote'>> = {
  'm.text': 'plain',
  'm.notice': 'notice',
  'm.emote': 'emote',
};
const answerSchema = z.object({ 'm.in_reply_to': z.object({ event_id: z.string() }) });

/** Event id of the message that this one answers. */
export function answeredId(content: Content): string | null {
  return answerSchema.safeParse(content['m.relates_to']).data?.['m.in_reply_to'].event_id ?? null;
}

/** Contents are parsed once: they never change, and every change of a window asks for all of it. */
export class MessageBodies {
  readonly #readAttachment: ReadAttachment;
  readonly #known = new WeakMap<Content, MessageBody>();

  constructor(readAttachment: ReadAttachment) {
    this.#readAttachment = readAttachment;
  }

  /** @param isAnswer its text may begin with a quotation for old clients, which is left out. */
  of(content: Content, isAnswer: boolean): MessageBody {
    const known = this.#known.get(content);
    if (known) return known;
    const body = this.#parse(content, isAnswer);
    this.#known.set(content, body);
    return body;
  }

  #parse(content: Content, isAnswer: boolean): MessageBody {
    const parsed = contentSchema.safeParse(content);
    if (!parsed.success) return { kind: 'unreadable', reason: 'broken' };
    const tone = Object.hasOwn(tones, parsed.data.msgtype) ? tones[parsed.data.msgtype] : undefined;
    if (tone !== undefined) return textBody(parsed.data, tone, isAnswer);
    if (!['m.image', 'm.file', 'm.video', 'm.audio'].includes(parsed.data.msgtype)) {
      return textBody(parsed.data, 'plain', isAnswer);
    }
    return this.#attachmentBody(content, parsed.data);
  }

  #attachmentBody(content: Content, parsed: MessageContent): MessageBody {
    const found = this.#readAttachment(content) ?? notFetchable(parsed);
    const caption = found.caption === null ? null : richOf(parsed, found.caption, false);
    return { kind: found.kind, attachment: found.attachment, caption };
  }
}

function textBody(parsed: MessageContent, tone: 'plain' | 'notice' | 'emote', isAnswer: boolean): MessageBody {
  const plain = parsed.body.slice(0, longestText);
  const text = isAnswer ? withoutQuotation(plain) : plain;
  const rich = richOf(parsed, text, isAnswer);
  return { kind: 'text', text: parsed.formatted_body === undefined ? text : wordsOf(rich), rich, tone };
}

function richOf({ format, formatted_body: html }: MessageContent, text: string, isAnswer: boolean): RichText {
  if (format !== 'org.matrix.custom.html' || html === undefined || html.length > longestText) return plainText(text);
  const rich = formattedBody(html);
  // Formatting that leaves nothing to read must not hide what the plain text says.
  return rich.length > 0 || isAnswer ? rich : plainText(text);
}

/** Client-server API, "Rich replies": lines that begin with `> `, then a blank one. */
function withoutQuotation(text: string): string {
  return text.startsWith('> ') ? text.replace(/^(?:> [^\n]*\n?|>\n)+\n?/, '') : text;
}

/** On its way from this device, or without an address that we would fetch. */
function notFetchable({ msgtype, body, filename, info }: MessageContent): NonNullable<ReturnType<ReadAttachment>> {
  const name = (filename ?? body).slice(0, 255);
  const hasCaption = filename !== undefined && body !== '' && body !== filename;
  const size = info.size;
  return {
    kind: msgtype === 'm.image' ? 'image' : 'file',
    caption: hasCaption ? body : null,
    attachment: {
      name,
      mimeType: info.mimetype ?? 'application/octet-stream',
      bytes: size !== undefined && Number.isSafeInteger(size) && size >= 0 ? size : null,
      source: null,
      width: null,
      height: null,
      blurhash: null,
      thumbnail: null,
    },
  };
}

/** A message in one line, for previews and quotes. */
export function bodyWords(body: MessageBody, lengthMax: number): string {
  if (body.kind === 'text') return body.text.slice(0, lengthMax);
  return body.kind === 'image' || body.kind === 'file' ? body.attachment.name.slice(0, lengthMax) : '';
}
