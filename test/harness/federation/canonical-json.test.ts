import { describe, expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

describe('canonical JSON', () => {
  // Matrix specification, appendices, "Canonical JSON", examples.
  test.each([
    [{}, '{}'],
    [{ one: 1, two: 'Two' }, '{"one":1,"two":"Two"}'],
    [{ b: '2', a: '1' }, '{"a":"1","b":"2"}'],
    [{ a: '日本語' }, '{"a":"日本語"}'],
    [{ 本: 2, 日: 1 }, '{"日":1,"本":2}'],
    [{ a: '\u65E5' }, '{"a":"日"}'],
    [{ a: null }, '{"a":null}'],
    [{ a: -0, b: 1e10 }, '{"a":0,"b":10000000000}'],
    [
      { auth: { success: true, mxid: '@john.doe:example.com', profile: { list: [{ b: 1, a: '\n' }] } } },
      '{"auth":{"mxid":"@john.doe:example.com","profile":{"list":[{"a":"\\n","b":1}]},"success":true}}',
    ],
  ])('spells %j as the specification does', (value, expected) => {
    expect(canonicalJson(value)).toBe(expected);
  });

  test('orders keys by code point, not by UTF-16 unit', () => {
    expect(canonicalJson({ '\u{1F600}': 1, '\uFF21': 2 })).toBe('{"\uFF21":2,"\u{1F600}":1}');
  });

  test.each([1.5, 2 ** 53, Number.NaN])('refuses the number %s', (value) => {
    expect(() => canonicalJson({ value })).toThrow('integers only');
  });
});
