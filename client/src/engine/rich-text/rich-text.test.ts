import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block, Inline, RichText } from '../rich-text.ts';
import { mentionedUser } from './address.ts';
import { contentOfMarkdown } from './content-of-markdown.ts';
import { formattedBody } from './formatted-body.ts';
import { linkify } from './linkify.ts';
import { markdown } from './markdown.ts';
import { plainText, wordsOf } from './plain-text.ts';
import { toHtml } from './to-html.ts';

const text = (content: string): Inline => ({ kind: 'text', text: content });
const paragraph = (...content: readonly Inline[]): Block => ({ kind: 'paragraph', content });

/** Throws at anything that the page would not know how to draw. */
function checkBlock(block: Block): void {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return block.content.forEach(checkInline);
    case 'quote':
      return block.content.forEach(checkBlock);
    case 'list':
      expect(Number.isSafeInteger(block.start)).toBe(true);
      return block.items.flat().forEach(checkBlock);
    case 'code':
      return expect(typeof block.text).toBe('string');
    case 'rule':
      return;
    default:
      throw new Error(`no block: ${JSON.stringify(block)}`);
  }
}

function checkInline(part: Inline): void {
  switch (part.kind) {
    case 'text':
    case 'code':
      return expect(typeof part.text).toBe('string');
    case 'break':
      return;
    case 'strong':
    case 'emphasis':
    case 'strike':
      return part.content.forEach(checkInline);
    case 'link': {
      const { protocol, username } = new URL(part.href);
      expect(['https:', 'http:', 'mailto:']).toContain(protocol);
      expect(username).toBe('');
      return part.content.forEach(checkInline);
    }
    case 'mention':
      return expect(part.userId).toMatch(/^@[^\s<>"']+:[^\s<>"']+$/);
    default:
      throw new Error(`no part: ${JSON.stringify(part)}`);
  }
}

const hostileParts = [
  '<b>',
  '</b>',
  '<p>',
  '</p>',
  '<ul>',
  '<li>',
  '</ul>',
  '<ol start="9">',
  '<blockquote>',
  '<pre><code>',
  '</pre>',
  '<table>',
  '<a href="javascript:alert(1)">',
  '<a href="https://a.test/">',
  "<a href='data:text/html,x'>",
  '</a>',
  '<a href=',
  '"',
  "'",
  '<script>',
  '</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<mx-reply>',
  '<!--',
  '-->',
  '<',
  '>',
  '&lt;',
  '&#106;avascript:',
  '&#x0;',
  '&#xD800;',
  '&constructor;',
  '<constructor>',
  '<__proto__>',
  '<h7>',
  '<h2>',
  '\u202E',
  '\0',
  '<a href="https://matrix.to/#/@a:b.test">',
  '<a href="https://matrix.to/#/%40a%3Ab.test">',
  '<a href="matrix:u/a:b.test">',
  'https://hessen.de',
  'https://bank.de@evil.test/',
  'mailto:a@b.test',
  '**',
  '[x](javascript:alert(1))',
  '> ',
  '```',
  '\n',
  '- ',
  '1. ',
];
const hostileHtml = fc
  .array(fc.oneof(fc.constantFrom(...hostileParts), fc.string({ maxLength: 6 })), { maxLength: 60 })
  .map((parts) => parts.join(''));

describe('rich text', () => {
  it('never holds anything but the parts that are drawn, whatever a member sends', () => {
    fc.assert(
      fc.property(hostileHtml, (html) => {
        for (const rich of [formattedBody(html), plainText(html), markdown(html)]) rich.forEach(checkBlock);
      }),
      { numRuns: 3_000 },
    );
  });

  it('reads its own formatting back as the same words', () => {
    fc.assert(
      fc.property(hostileHtml, (source) => {
        const rich = formattedBody(source);
        const again = formattedBody(toHtml(rich));
        again.forEach(checkBlock);
        const words = (value: RichText): string => wordsOf(value).replace(/\s+/g, '');
        expect(words(again)).toBe(words(rich));
      }),
    );
  });

  it.each([
    ['depth', '<blockquote>'.repeat(20_000)],
    ['inline depth', '<b>'.repeat(20_000)],
    ['open quotation marks', '<a href="'.repeat(8_000)],
    ['open brackets', '<'.repeat(65_000)],
    ['comments', '<!--'.repeat(16_000)],
    ['addresses', 'https://a.test/('.repeat(4_000)],
  ])('survives any %s', (_what, html) => {
    formattedBody(html).forEach(checkBlock);
  });
});

describe('formattedBody', () => {
  it('keeps structure and marks', () => {
    const html = '<h1>Lage</h1><p>Am <strong>Deich</strong></p><ol start="3"><li>Eins</li><li><p>Zwei</p></li></ol>';
    expect(formattedBody(html)).toEqual([
      { kind: 'heading', level: 1, content: [text('Lage')] },
      paragraph(text('Am '), { kind: 'strong', content: [text('Deich')] }),
      { kind: 'list', isOrdered: true, start: 3, items: [[paragraph(text('Eins'))], [paragraph(text('Zwei'))]] },
    ]);
  });

  it('leaves out the quotation for old clients, and what is not for reading', () => {
    const html = '<mx-reply><blockquote>alt</blockquote></mx-reply>neu<script>alert(1)</script>';
    expect(formattedBody(html)).toEqual([paragraph(text('neu'))]);
  });

  it('makes a person of a permalink and text of a dangerous address', () => {
    const html = '<a href="https://matrix.to/#/%40katrin%3Aland.hessen.test">Katrin</a><a href="javascript:x">da</a>';
    const mention: Inline = { kind: 'mention', userId: '@katrin:land.hessen.test', name: 'Katrin' };
    expect(formattedBody(html)).toEqual([paragraph(mention, text('da'))]);
  });

  it('keeps code as it is', () => {
    expect(formattedBody('<pre><code>a &lt; b\n  c\n</code></pre>')).toEqual([{ kind: 'code', text: 'a < b\n  c' }]);
  });
});

describe('linkify', () => {
  const links = (source: string): readonly string[] =>
    linkify(source).flatMap((part) => (part.kind === 'link' ? [wordsOf([paragraph(part)])] : []));

  it('makes web addresses links and leaves the punctuation of the sentence outside', () => {
    expect(links('Siehe https://hessen.de/haushalt. Und (http://hzd.hessen.de)!')).toEqual([
      'https://hessen.de/haushalt',
      'http://hzd.hessen.de',
    ]);
  });

  it('keeps a bracket that the address itself opened', () => {
    const address = 'https://de.wikipedia.org/wiki/Eder_(Fluss)';
    expect(links(`${address} lesen`)).toEqual([address]);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'https://bank.de@evil.test/', 'https://'])(
    'makes no link of %s',
    (address) => {
      expect(linkify(address)).toEqual([text(address)]);
    },
  );

  it('ends a link before characters that reverse the reading direction', () => {
    expect(links('https://hessen.de/\u202Egnp.exe')).toEqual(['https://hessen.de/']);
  });
});

describe('mentionedUser', () => {
  it.each([
    'https://matrix.to/#/!room:b.test',
    'https://matrix.to.evil.test/#/@a:b.test',
    'matrix:r/a:b.test',
    'https://matrix.to/#/%',
  ])('takes nobody from %s', (address) => {
    expect(mentionedUser(address)).toBeNull();
  });
});

describe('contentOfMarkdown', () => {
  it('sends plain words without formatting', async () => {
    expect(await contentOfMarkdown('Guten Morgen\nhttps://hessen.de/', [])).toEqual({
      msgtype: 'm.text',
      body: 'Guten Morgen\nhttps://hessen.de/',
      'm.mentions': {},
    });
  });

  it('sends Markdown as HTML beside what was typed', async () => {
    expect(await contentOfMarkdown('Bis **Freitag** <b>', [])).toMatchObject({
      body: 'Bis **Freitag** <b>',
      format: 'org.matrix.custom.html',
      formatted_body: 'Bis <strong>Freitag</strong> &lt;b&gt;',
    });
  });

  it('names mentioned people to their devices and in the text', async () => {
    const content = await contentOfMarkdown('[Katrin](https://matrix.to/#/@katrin:land.hessen.test), bitte', []);
    expect(content).toMatchObject({
      body: 'Katrin, bitte',
      formatted_body: '<a href="https://matrix.to/#/%40katrin%3Aland.hessen.test">Katrin</a>, bitte',
      'm.mentions': { user_ids: ['@katrin:land.hessen.test'] },
    });
  });
});
