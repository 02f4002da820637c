import { encode } from 'blurhash';
import type { PictureType } from './picture-type.ts';

export interface DrawnPicture {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mimeType: string;
  readonly width: number;
  readonly height: number;
}

const quality = 0.85;
const blurhashEdge = 32;
/** Components of the blurhash in its longer and shorter direction. */
const [manyComponents, fewComponents] = [4, 3];

/** Draws the picture so that its longest edge has at most `edge` pixels. */
export async function drawPicture(bitmap: ImageBitmap, edge: number, type: PictureType): Promise<DrawnPicture> {
  const { canvas } = draw(bitmap, edge, type === 'image/jpeg');
  const blob = await canvas.convertToBlob({ type, quality });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return { bytes, mimeType: blob.type, width: canvas.width, height: canvas.height };
}

/** A few characters that paint a blurred picture while the real one is on its way. */
export function blurhashOf(bitmap: ImageBitmap): string {
  const { canvas, context } = draw(bitmap, blurhashEdge, true);
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
  const [x, y] = width >= height ? [manyComponents, fewComponents] : [fewComponents, manyComponents];
  return encode(data, width, height, x, y);
}

function draw(
  bitmap: ImageBitmap,
  edge: number,
  isOpaque: boolean,
): { canvas: OffscreenCanvas; context: OffscreenCanvasRenderingContext2D } {
  const scale = Math.min(1, edge / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((length) => Math.max(1, Math.round(length * scale)));
  const canvas = new OffscreenCanvas(width ?? 1, height ?? 1);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  if (isOpaque) {
    context.fillStyle = 'white';
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return { canvas, context };
}
