import type { Block, Inline, RichText } from '../rich-text.ts';
import { permalinkOf } from './address.ts';

/** `formatted_body` for others: the tags that the specification recommends, everything else escaped. */
export function toHtml(text: RichText): string {
  return text.map(blockHtml).join('');
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${inlineHtml(block.content)}</p>`;
    case 'heading':
      return `<h${block.level}>${inlineHtml(block.content)}</h${block.level}>`;
    case 'quote':
      return `<blockquote>${toHtml(block.content)}</blockquote>`;
    case 'list':
      return listHtml(block);
    case 'code':
      return `<pre><code>${escaped(block.text)}</code></pre>`;
    case 'rule':
      return '<hr>';
  }
}

function listHtml({ isOrdered, start, items }: Extract<Block, { kind: 'list' }>): string {
  const content = items.map((item) => `<li>${itemHtml(item)}</li>`).join('');
  if (!isOrdered) return `<ul>${content}</ul>`;
  return `<ol${start === 1 ? '' : ` start="${start}"`}>${content}</ol>`;
}

/** The paragraph of a short item is left out. */
function itemHtml(item: RichText): string {
  const [first, ...rest] = item;
  return first?.kind === 'paragraph' ? inlineHtml(first.content) + toHtml(rest) : toHtml(item);
}

const tags = { strong: 'strong', emphasis: 'em', strike: 'del' } as const;

export function inlineHtml(content: readonly Inline[]): string {
  return content
    .map((part) => {
      switch (part.kind) {
        case 'text':
          return escaped(part.text);
        case 'break':
          return '<br>';
        case 'code':
          return `<code>${escaped(part.text)}</code>`;
        case 'strong':
        case 'emphasis':
        case 'strike':
          return `<${tags[part.kind]}>${inlineHtml(part.content)}</${tags[part.kind]}>`;
        case 'link':
          return `<a href="${escaped(part.href)}">${inlineHtml(part.content)}</a>`;
        case 'mention':
          return `<a href="${escaped(permalinkOf(part.userId))}">${escaped(part.name)}</a>`;
      }
    })
    .join('');
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
