import type { Attachment } from 'svelte/attachments';

const side = 32;

/** Paints the blurred likeness of a picture that is still on its way. */
export function drawBlurhash(hash: string): Attachment<HTMLCanvasElement> {
  return (canvas) => void paint(canvas, hash);
}

async function paint(canvas: HTMLCanvasElement, hash: string): Promise<void> {
  const { decode, isBlurhashValid } = await import('blurhash');
  if (!isBlurhashValid(hash).result) return;
  const pixels = new Uint8ClampedArray(decode(hash, side, side));
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, side, side), 0, 0);
}
