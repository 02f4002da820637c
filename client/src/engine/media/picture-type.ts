/** Picture types that a browser shows without running anything. SVG is none of them. */
export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif';

const text = (bytes: Uint8Array, start: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(start, start + length));

/** What the first bytes say, whatever sender or name claim. Null: no picture to show. */
export function pictureTypeOf(bytes: Uint8Array): PictureType | null {
  if (text(bytes, 0, 3) === '\xff\xd8\xff') return 'image/jpeg';
  if (text(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 4) === 'WEBP') return 'image/webp';
  if (/^GIF8[79]a$/.test(text(bytes, 0, 6))) return 'image/gif';
  return null;
}

export function isPictureType(mimeType: string): mimeType is PictureType {
  return ['image/jpeg', 'image/png', 'image/webp', 'image/gif'].includes(mimeType);
}
