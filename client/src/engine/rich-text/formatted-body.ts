import type { Block, Inline, RichText } from '../rich-text.ts';
import { mentionedUser, safeAddress } from './address.ts';
import { htmlTree, type HtmlElement, type HtmlNode } from './html-tree.ts';
import { linkify } from './linkify.ts';
import { inlineWords } from './plain-text.ts';

/** `formatted_body` as the parts that we draw; everything else in it is left out or becomes its text. */
export function formattedBody(html: string): RichText {
  return blocksIn(htmlTree(html));
}

/** Nothing in these is for reading; a quoted message is shown from the message itself. */
const unread: ReadonlySet<string> = new Set([
  'mx-reply',
  'script',
  'style',
  'template',
  'head',
  'title',
  'iframe',
  'svg',
  'math',
  'object',
]);
const blockNames: ReadonlySet<string> = new Set(
  (
    'p div section article blockquote pre ul ol li hr table caption thead tbody tr details summary ' +
    'h1 h2 h3 h4 h5 h6'
  ).split(' '),
);

function blocksIn(nodes: readonly HtmlNode[]): RichText {
  const blocks: Block[] = [];
  let run: HtmlNode[] = [];
  const endRun = (): void => {
    const content = trimmed(inlinesIn(run));
    if (content.length > 0) blocks.push({ kind: 'paragraph', content });
    run = [];
  };
  for (const node of nodes) {
    if (typeof node === 'string' || !blockNames.has(node.name)) run.push(node);
    else {
      endRun();
      blocks.push(...blocksOf(node));
    }
  }
  endRun();
  return blocks;
}

function blocksOf(element: HtmlElement): RichText {
  switch (element.name) {
    case 'hr':
      return [{ kind: 'rule' }];
    case 'pre':
      return [{ kind: 'code', text: textIn(element.children).replace(/\n$/, '') }];
    case 'blockquote':
      return nonEmpty(blocksIn(element.children)).map((content) => ({ kind: 'quote', content }));
    case 'ul':
    case 'ol':
      return listOf(element);
    default:
      return /^h[1-6]$/.test(element.name) ? headingOf(element) : blocksIn(element.children);
  }
}

function nonEmpty(blocks: RichText): readonly RichText[] {
  return blocks.length > 0 ? [blocks] : [];
}

function listOf(element: HtmlElement): RichText {
  const items = element.children
    .filter((child) => typeof child !== 'string')
    .flatMap((child) => nonEmpty(child.name === 'li' ? blocksIn(child.children) : blocksIn([child])));
  if (items.length === 0) return [];
  const start = Number.parseInt(element.attributes.get('start') ?? '1', 10);
  const isSensible = Number.isSafeInteger(start) && start >= 0 && start < 1_000_000;
  return [{ kind: 'list', isOrdered: element.name === 'ol', start: isSensible ? start : 1, items }];
}

function headingOf(element: HtmlElement): RichText {
  const content = trimmed(inlinesIn(element.children));
  const depth = Number(element.name.slice(1));
  const level = depth === 1 || depth === 2 ? depth : 3;
  return content.length > 0 ? [{ kind: 'heading', level, content }] : [];
}

function inlinesIn(nodes: readonly HtmlNode[]): readonly Inline[] {
  return nodes.flatMap((node) =>
    typeof node === 'string' ? linkify(node.replace(/[ \t\r\n\f]+/g, ' ')) : inlinesOf(node),
  );
}

function inlinesOf(element: HtmlElement): readonly Inline[] {
  if (unread.has(element.name)) return [];
  switch (element.name) {
    case 'br':
      return [{ kind: 'break' }];
    case 'img':
      return [{ kind: 'text', text: element.attributes.get('alt') ?? element.attributes.get('title') ?? '' }];
    case 'code':
      return [{ kind: 'code', text: textIn(element.children) }];
    case 'a':
      return linkOf(element);
    default:
      return marked(element.name, inlinesIn(element.children));
  }
}

const marks: Readonly<Record<string, 'strong' | 'emphasis' | 'strike'>> = {
  strong: 'strong',
  b: 'strong',
  em: 'emphasis',
  i: 'emphasis',
  del: 'strike',
  s: 'strike',
  strike: 'strike',
};

function marked(name: string, content: readonly Inline[]): readonly Inline[] {
  const kind = Object.hasOwn(marks, name) ? marks[name] : undefined;
  return kind === undefined || content.length === 0 ? content : [{ kind, content }];
}

function linkOf(element: HtmlElement): readonly Inline[] {
  const content = withoutLinks(inlinesIn(element.children));
  const address = element.attributes.get('href') ?? '';
  const userId = mentionedUser(address);
  if (userId !== null) return [{ kind: 'mention', userId, name: inlineWords(content).trim().slice(0, 255) || userId }];
  const href = safeAddress(address);
  return href === null || content.length === 0 ? content : [{ kind: 'link', href, content }];
}

/** A link in a link has no meaning; the outer one counts. */
function withoutLinks(content: readonly Inline[]): readonly Inline[] {
  return content.flatMap((part) => {
    if (part.kind === 'link') return withoutLinks(part.content);
    if (part.kind === 'mention') return [{ kind: 'text', text: part.name }];
    return 'content' in part ? [{ ...part, content: withoutLinks(part.content) }] : [part];
  });
}

function textIn(nodes: readonly HtmlNode[]): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return node;
      return node.name === 'br' ? '\n' : unread.has(node.name) ? '' : textIn(node.children);
    })
    .join('');
}

/** Blank space and breaks at the ends of a paragraph come from the markup's layout. */
function trimmed(content: readonly Inline[]): readonly Inline[] {
  const first = content.findIndex((part) => !isBlank(part));
  const last = content.findLastIndex((part) => !isBlank(part));
  return content.slice(first, last + 1).map((part, index, all) => {
    if (part.kind !== 'text') return part;
    const start = index === 0 ? part.text.trimStart() : part.text;
    return { kind: 'text', text: index === all.length - 1 ? start.trimEnd() : start };
  });
}

function isBlank(part: Inline): boolean {
  return part.kind === 'break' || (part.kind === 'text' && part.text.trim() === '');
}
