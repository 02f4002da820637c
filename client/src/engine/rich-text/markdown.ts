/** Markdown as typed → the same tree that received messages become. Loaded when the first message is written. */
import { Lexer, type Token, type Tokens } from 'marked';
import type { Block, Inline, RichText } from '../rich-text.ts';
import { mentionedUser, safeAddress } from './address.ts';
import { linkify } from './linkify.ts';
import { inlineWords } from './plain-text.ts';

/** Single line breaks stay, as in every messenger. HTML in the text is text. */
export function markdown(text: string): RichText {
  return blocksOf(new Lexer({ gfm: true, breaks: true }).lex(text));
}

function blocksOf(tokens: readonly Token[]): RichText {
  return tokens.flatMap((token) => blockOf(token));
}

function blockOf(token: Token): RichText {
  if (isToken<Tokens.Heading>(token, 'heading')) {
    const level = token.depth === 1 || token.depth === 2 ? token.depth : 3;
    return [{ kind: 'heading', level, content: inlinesOf(token.tokens) }];
  }
  if (isToken<Tokens.Blockquote>(token, 'blockquote')) return [{ kind: 'quote', content: blocksOf(token.tokens) }];
  if (isToken<Tokens.List>(token, 'list')) return [listOf(token)];
  if (isToken<Tokens.Code>(token, 'code')) return [{ kind: 'code', text: token.text }];
  if (token.type === 'hr') return [{ kind: 'rule' }];
  if (token.type === 'space' || token.type === 'def') return [];
  const content =
    isToken<Tokens.Paragraph>(token, 'paragraph') || isInlineText(token) ? inlinesOf(token.tokens ?? []) : [];
  return [{ kind: 'paragraph', content: content.length > 0 ? content : linkify(token.raw.trim()) }];
}

function listOf({ ordered, start, items }: Tokens.List): Block {
  return {
    kind: 'list',
    isOrdered: ordered,
    start: typeof start === 'number' ? start : 1,
    items: items.map((item) => blocksOf(item.tokens)),
  };
}

function inlinesOf(tokens: readonly Token[]): readonly Inline[] {
  return tokens.flatMap((token) => inlineOf(token));
}

function inlineOf(token: Token): readonly Inline[] {
  if (isToken<Tokens.Strong>(token, 'strong')) return [{ kind: 'strong', content: inlinesOf(token.tokens) }];
  if (isToken<Tokens.Em>(token, 'em')) return [{ kind: 'emphasis', content: inlinesOf(token.tokens) }];
  if (isToken<Tokens.Del>(token, 'del')) return [{ kind: 'strike', content: inlinesOf(token.tokens) }];
  if (isToken<Tokens.Codespan>(token, 'codespan')) return [{ kind: 'code', text: token.text }];
  if (isToken<Tokens.Link>(token, 'link')) return linkOf(token);
  if (token.type === 'br') return [{ kind: 'break' }];
  if (isToken<Tokens.Escape>(token, 'escape')) return [{ kind: 'text', text: token.text }];
  if (isInlineText(token) && token.tokens) return inlinesOf(token.tokens);
  return linkify(token.raw);
}

function linkOf({ href, tokens, raw }: Tokens.Link): readonly Inline[] {
  const content = inlinesOf(tokens).flatMap((part) => (part.kind === 'link' ? part.content : [part]));
  const userId = mentionedUser(href);
  if (userId !== null) return [{ kind: 'mention', userId, name: inlineWords(content) || userId }];
  const address = safeAddress(href);
  // What leads nowhere safe stays as it was typed.
  return address === null ? [{ kind: 'text', text: raw }] : [{ kind: 'link', href: address, content }];
}

function isInlineText(token: Token): token is Tokens.Text {
  return token.type === 'text';
}

/** marked's union has an open member, which keeps TypeScript from narrowing by `type`. */
function isToken<T extends Token>(token: Token, type: T['type']): token is T {
  return token.type === type;
}
