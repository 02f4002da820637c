import type { Inline, RichText } from '../rich-text.ts';
import { linkify } from './linkify.ts';

export const longestText = 65_536;
/** A page of line breaks costs more to draw than to send. */
const mostLines = 2_000;

/** A message without formatting: lines and links. */
export function plainText(text: string): RichText {
  const lines = text.slice(0, longestText).split(/\r\n|\r|\n/, mostLines);
  const lineBreak: readonly Inline[] = [{ kind: 'break' }];
  const content = lines.flatMap((line, index) => (index === 0 ? linkify(line) : lineBreak.concat(linkify(line))));
  return content.length === 0 ? [] : [{ kind: 'paragraph', content }];
}

/** The words of a formatted text, for labels and previews. */
export function wordsOf(text: RichText): string {
  return text
    .map((block) => {
      switch (block.kind) {
        case 'paragraph':
        case 'heading':
          return inlineWords(block.content);
        case 'quote':
          return wordsOf(block.content);
        case 'list':
          return block.items.map(wordsOf).join('\n');
        case 'code':
          return block.text;
        case 'rule':
          return '';
      }
    })
    .join('\n');
}

export function inlineWords(content: readonly Inline[]): string {
  return content
    .map((part) => {
      switch (part.kind) {
        case 'text':
        case 'code':
          return part.text;
        case 'break':
          return '\n';
        case 'mention':
          return part.name;
        case 'strong':
        case 'emphasis':
        case 'strike':
        case 'link':
          return inlineWords(part.content);
      }
    })
    .join('');
}
