import type { Inline, RichText } from '../rich-text.ts';
import { inlineHtml, toHtml } from './to-html.ts';

interface TextContent {
  readonly msgtype: 'm.text';
  readonly body: string;
  readonly format?: 'org.matrix.custom.html';
  readonly formatted_body?: string;
  readonly 'm.mentions': { readonly user_ids?: readonly string[] };
}

/**
 * Content of a text message from Markdown as typed. A person is mentioned by `[Name](https://matrix.to/#/@id)` in the
 * text, or by `mentionIds` alone. Plain text stays without formatting.
 */
export async function contentOfMarkdown(text: string, mentionIds: readonly string[]): Promise<TextContent> {
  const { markdown } = await import('./markdown.ts');
  const rich = markdown(text);
  const userIds = [...new Set([...mentionIds, ...mentionsIn(rich)])];
  return {
    msgtype: 'm.text',
    body: withoutMentionLinks(text),
    ...(isFormatted(rich) ? { format: 'org.matrix.custom.html', formatted_body: htmlOf(rich) } : {}),
    'm.mentions': userIds.length > 0 ? { user_ids: userIds } : {},
  };
}

/** One paragraph alone needs no tag around it. */
function htmlOf(rich: RichText): string {
  const [first, ...rest] = rich;
  return first?.kind === 'paragraph' && rest.length === 0 ? inlineHtml(first.content) : toHtml(rich);
}

function withoutMentionLinks(text: string): string {
  return text.replace(/\[([^\]\n]{1,255})\]\(https:\/\/matrix\.to\/#\/(?:@|%40)[^)\s]{1,300}\)/g, '$1');
}

/** More than lines, links and paragraphs, which everybody's client makes of plain text. */
function isFormatted(rich: RichText): boolean {
  return rich.some((block) => block.kind !== 'paragraph' || block.content.some(isMark));
}

function isMark(part: Inline): boolean {
  if (part.kind === 'link') return part.content.length !== 1 || part.content[0]?.kind !== 'text' || !isBare(part);
  return part.kind !== 'text' && part.kind !== 'break';
}

/** The address is the text: nothing that the plain body does not say. */
function isBare(link: Extract<Inline, { kind: 'link' }>): boolean {
  const [only] = link.content;
  return only?.kind === 'text' && URL.parse(only.text)?.href === link.href;
}

function mentionsIn(rich: RichText): readonly string[] {
  return rich.flatMap((block) => {
    if (block.kind === 'list') return block.items.flatMap(mentionsIn);
    if (block.kind === 'quote') return mentionsIn(block.content);
    return 'content' in block ? inlineMentions(block.content) : [];
  });
}

function inlineMentions(content: readonly Inline[]): readonly string[] {
  return content.flatMap((part) => {
    if (part.kind === 'mention') return [part.userId];
    return 'content' in part ? inlineMentions(part.content) : [];
  });
}
