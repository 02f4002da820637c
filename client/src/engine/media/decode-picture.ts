import { pictureTypeOf, type PictureType } from './picture-type.ts';

export interface DecodedPicture {
  /** Turned upright as the camera noted. To be closed. */
  readonly bitmap: ImageBitmap;
  /** What it should be written as. */
  readonly type: PictureType;
}

/** Null for what is no picture or none that this browser can decode; such a file is sent as a document. */
export async function decodePicture(
  bytes: Uint8Array<ArrayBuffer>,
  claimedType: string,
): Promise<DecodedPicture | null> {
  const type = pictureTypeOf(bytes);
  // Formats of cameras that only some browsers know (HEIC, AVIF) become JPEG.
  const isOther = type === null && claimedType.startsWith('image/') && !claimedType.startsWith('image/svg');
  if ((type === null && !isOther) || typeof OffscreenCanvas === 'undefined') return null;
  try {
    const blob = new Blob([bytes], { type: type ?? claimedType });
    return { bitmap: await createImageBitmap(blob, { imageOrientation: 'from-image' }), type: type ?? 'image/jpeg' };
  } catch {
    return null;
  }
}
