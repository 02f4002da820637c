/** Pictures as cameras write them: with place, device and orientation inside. */
import { crc32 } from 'node:zlib';

/** Stands in everything that the camera noted. */
export const cameraMark = 'Kamera-Kennzeichen 50.3155N 8.9301E';

/** TIFF tags (Exif 2.32, tables 4 and 15). */
const tags = { make: 0x010f, orientation: 0x0112, gps: 0x8825, latitudeRef: 1 } as const;
const types = { ascii: 2, short: 3, long: 4 } as const;
/** Rotated by a quarter turn to the right. */
const orientation = 6;

/** A TIFF block: maker, orientation and a GPS directory. */
function exifBlock(): Buffer {
  const mark = Buffer.from(`${cameraMark}\0`, 'latin1');
  const markOffset = 8 + 2 + 3 * 12 + 4;
  const gpsOffset = markOffset + mark.length;
  const header = Buffer.from('II*\0\x08\0\0\0', 'latin1');
  const directory = [
    Buffer.from([3, 0]),
    entry(tags.make, types.ascii, mark.length, markOffset),
    entry(tags.orientation, types.short, 1, orientation),
    entry(tags.gps, types.long, 1, gpsOffset),
    Buffer.alloc(4),
  ];
  const gps = [Buffer.from([1, 0]), entry(tags.latitudeRef, types.ascii, 2, 'N'.charCodeAt(0)), Buffer.alloc(4)];
  return Buffer.concat([header, ...directory, mark, ...gps]);
}

export function jpegWithPlace(jpeg: Buffer): Buffer {
  const block = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exifBlock()]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(block.length + 2);
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, block, jpeg.subarray(2)]);
}

export function pngWithPlace(png: Buffer): Buffer {
  const headerEnd = 8 + 25;
  const text = pngChunk('tEXt', Buffer.from(`Comment\0${cameraMark}`, 'latin1'));
  return Buffer.concat([png.subarray(0, headerEnd), pngChunk('eXIf', exifBlock()), text, png.subarray(headerEnd)]);
}

/** @param webp of the simple form, lossy, as canvases write it. */
export function webpWithPlace(webp: Buffer, width: number, height: number): Buffer {
  const hasExif = 0x08;
  const extended = Buffer.alloc(10);
  extended.writeUInt8(hasExif, 0);
  extended.writeUIntLE(width - 1, 4, 3);
  extended.writeUIntLE(height - 1, 7, 3);
  const firstChunk = webp.subarray(12);
  const isExtended = firstChunk.toString('latin1', 0, 4) === 'VP8X';
  const picture = isExtended ? firstChunk.subarray(18) : firstChunk;
  const body = Buffer.concat([
    Buffer.from('WEBP', 'latin1'),
    riffChunk('VP8X', extended),
    picture,
    riffChunk('EXIF', exifBlock()),
  ]);
  return riffChunk('RIFF', body);
}

function entry(tag: number, type: number, count: number, value: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt16LE(tag, 0);
  bytes.writeUInt16LE(type, 2);
  bytes.writeUInt32LE(count, 4);
  bytes.writeUInt32LE(value, 8);
  return bytes;
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

function riffChunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(type, 'latin1'), length, data, Buffer.alloc(data.length % 2)]);
}
