import { describe, expect, it } from 'vitest';
import { parseText, type TextPart } from './rich-text.ts';

const links = (text: string): readonly string[] =>
  parseText(text).flatMap((part) => (part.kind === 'link' ? [part.text] : []));
const joined = (parts: readonly TextPart[]): string => parts.map((part) => part.text).join('');

describe('parseText', () => {
  it('makes web addresses links and leaves the punctuation of the sentence outside', () => {
    expect(links('Siehe https://hessen.de/haushalt. Und (http://hzd.hessen.de)!')).toEqual([
      'https://hessen.de/haushalt',
      'http://hzd.hessen.de',
    ]);
  });

  it('keeps a bracket that the address itself opened', () => {
    expect(links('https://de.wikipedia.org/wiki/Eder_(Fluss) lesen')).toEqual([
      'https://de.wikipedia.org/wiki/Eder_(Fluss)',
    ]);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'https://bank.de@evil.test/',
    'https://',
    '<img src=x onerror=alert(1)>',
  ])('makes no link of %s', (text) => {
    expect(parseText(text)).toEqual([{ kind: 'text', text }]);
  });

  it('ends a link before characters that reverse the reading direction', () => {
    expect(links('https://hessen.de/\u202Egnp.exe')).toEqual(['https://hessen.de/']);
  });

  it('loses no character of the text', () => {
    const text = 'a https://x.test/1, b\nhttps://y.test/(2)) c <b>&amp;</b>';
    expect(joined(parseText(text))).toBe(text);
  });
});
