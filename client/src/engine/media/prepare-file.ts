import { FileGoneError } from '../sending/send-entry.ts';
import { cleanFileName, withExtension } from './file-name.ts';
import { decodePicture, type DecodedPicture } from './decode-picture.ts';
import { blurhashOf, drawPicture, type DrawnPicture } from './draw-picture.ts';
import { pictureTypeOf, type PictureType } from './picture-type.ts';

/** A file as it will be encrypted and sent. */
export interface PreparedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Null: no picture, sent as it is. */
  readonly picture: PreparedPicture | null;
}

interface PreparedPicture {
  readonly width: number;
  readonly height: number;
  readonly blurhash: string;
  /** Null: the picture is small enough by itself. */
  readonly thumbnail: DrawnPicture | null;
}

/** Longest edge in pixels: a page of text photographed with a phone stays readable. */
const pictureEdge = 2_560;
/** Longest edge in pixels: a face in a group can be recognised without loading the whole picture. */
const thumbnailEdge = 800;

/**
 * Pictures are drawn anew, so that nothing is left of what the camera wrote into the file (place, device, time);
 * everything else stays what it is.
 * @throws FileGoneError if the file was moved or deleted meanwhile.
 */
export async function prepareFile(file: Blob, name: string): Promise<PreparedFile> {
  const bytes = await bytesOf(file);
  const decoded = await decodePicture(bytes, file.type);
  if (!decoded) return { name: cleanFileName(name, 'Datei'), mimeType: plainType(file.type), bytes, picture: null };
  try {
    return await preparePicture(decoded, bytes, cleanFileName(name, 'Bild'));
  } finally {
    decoded.bitmap.close();
  }
}

async function preparePicture(
  { bitmap, type }: DecodedPicture,
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
): Promise<PreparedFile> {
  const isSmall = Math.max(bitmap.width, bitmap.height) <= thumbnailEdge;
  const thumbnail = isSmall ? null : await drawPicture(bitmap, thumbnailEdge, 'image/jpeg');
  const blurhash = blurhashOf(bitmap);
  // Drawn anew, an animation would stand still; cameras don't write this format.
  if (type === 'image/gif') {
    const picture = { width: bitmap.width, height: bitmap.height, blurhash, thumbnail };
    return { name: withExtension(name, 'gif'), mimeType: type, bytes, picture };
  }
  const drawn = await drawPicture(bitmap, pictureEdge, type);
  const picture = { width: drawn.width, height: drawn.height, blurhash, thumbnail };
  return { name: withExtension(name, extensionOf(drawn.bytes)), mimeType: drawn.mimeType, bytes: drawn.bytes, picture };
}

async function bytesOf(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw new FileGoneError('the file cannot be read', { cause });
  }
}

/** A browser derives the type from the name; receivers get no more than its shape allows. */
function plainType(type: string): string {
  return /^[a-z]+\/[a-z0-9.+-]+$/.test(type) ? type : 'application/octet-stream';
}

const extensions: Readonly<Record<PictureType, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
};

/** From the bytes: a browser that cannot write a format writes PNG instead. */
function extensionOf(bytes: Uint8Array): string {
  return extensions[pictureTypeOf(bytes) ?? 'image/png'];
}
