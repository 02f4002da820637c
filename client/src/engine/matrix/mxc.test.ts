import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { downloadPath, formatMxc, parseMxc } from './mxc.ts';

const longestId = 'a'.repeat(255);

describe('parseMxc', () => {
  it.each(['mxc://land.hessen.test/AbC_1-2', `mxc://land.hessen.test/${longestId}`])('takes %s', (text) => {
    const mxc = parseMxc(text);
    expect(mxc && formatMxc(mxc)).toBe(text);
  });

  it.each([
    'mxc://x.test/..%2f..',
    'mxc://../a',
    'mxc://h.test/a/../../..',
    'mxc://h.test/a?b#c',
    'mxc://h.test/a#c',
    'mxc://h.test/a%00',
    'mxc://h.test/.',
    'mxc://h.test/..',
    'mxc://h.test/a\\b',
    'mxc://h.test/a b',
    'mxc://h.test/a\n',
    'mxc://h.test/ä',
    'mxc://h.test/',
    'mxc://h.test',
    'mxc:///a',
    'mxc://h.test//a',
    'mxc://user@h.test/a',
    'mxc://h.test:8448/a',
    'mxc://H.TEST/a',
    'mxc://[::1]/a',
    'mxc://localhost/a',
    `mxc://h.test/${longestId}a`,
    ' mxc://h.test/a',
    'MXC://h.test/a',
    'https://h.test/a',
    'javascript:alert(1)',
    '',
    null,
    7,
    { toString: () => 'mxc://h.test/a' },
  ])('refuses %j', (value) => {
    expect(parseMxc(value)).toBeNull();
  });

  it('never lets anything but the two names into the path of a request', () => {
    const pieces = [
      'mxc://',
      'h.test',
      'Abc',
      '/',
      '..',
      '%2f',
      '%00',
      '?',
      '#',
      '\\',
      '@',
      ':8448',
      ' ',
      '\n',
      'ä',
      '\0',
    ];
    assert(
      property(array(constantFrom(...pieces), { maxLength: 8 }), (parts) => {
        const mxc = parseMxc(`mxc://${parts.join('')}`);
        if (mxc === null) return;
        const path = new URL(downloadPath(mxc), 'https://matrix.test').href;
        expect(path).toMatch(/^https:\/\/matrix\.test\/_matrix\/client\/v1\/media\/download\/[a-z0-9.-]+\/[\w-]+$/);
      }),
      { numRuns: 1_000, examples: [[['h.test', '/', 'Abc']]] },
    );
  });
});
