import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanFileName, withExtension } from './file-name.ts';

const clean = (name: string): string => cleanFileName(name, 'Datei');

describe('cleanFileName', () => {
  it.each([
    ['Lagekarte Süd (2).pdf', 'Lagekarte Süd (2).pdf'],
    ['Foto\u202egpj.exe', 'Fotogpj.exe'],
    ['a\u2066b\u2069\u200f\u200b.txt', 'ab.txt'],
    ['zeile\r\nContent-Type: text/html', 'zeileContent-Type_ text_html'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['C:\\Users\\x\\bild.png', 'C__Users_x_bild.png'],
    ['<img src=x onerror=alert(1)>.png', '_img src=x onerror=alert(1)_.png'],
    ['.htaccess', 'htaccess'],
    ['\u0000\u202e .', 'Datei'],
    ['', 'Datei'],
  ])('makes %j to %j', (name, expected) => {
    expect(clean(name)).toBe(expected);
  });

  it('shortens before the extension', () => {
    const short = clean(`${'ä'.repeat(300)}.docx`);
    expect(short).toMatch(/^ä+\.docx$/);
    expect(short).toHaveLength(120);
  });

  it('gives a name without control, direction or path characters, whatever it is given', () => {
    const pieces = [
      'a',
      'Lagekarte ',
      'ä',
      '😀',
      '\ud83d',
      '.',
      '..',
      ' ',
      '/',
      '\\',
      ':',
      '\n',
      '\0',
      '\u202e',
      '\u2066',
      '\u200b',
      '\u2028',
      '\ufeff',
      '.pdf',
    ];
    assert(
      property(array(constantFrom(...pieces), { maxLength: 60 }), (parts) => {
        const result = clean(parts.join(''));
        expect(result).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}<>:"/\\|?*]/u);
        expect(result.length).toBeGreaterThan(0);
        expect(result.length).toBeLessThanOrEqual(120);
        expect(clean(result)).toBe(result);
      }),
    );
  });
});

describe('withExtension', () => {
  it('names a picture after what it is now', () => {
    expect(withExtension('IMG_0815.HEIC', 'jpg')).toBe('IMG_0815.jpg');
    expect(withExtension('Tafel 3.5 Nord', 'jpg')).toBe('Tafel 3.5 Nord.jpg');
    expect(withExtension('ohne', 'png')).toBe('ohne.png');
  });
});
