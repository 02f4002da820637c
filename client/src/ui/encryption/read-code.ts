/** Reads QR codes from the camera by a library: few browsers have a reader of their own, and those give text, not bytes. */
import type { Image } from 'qr/decode.js';
import { bytesOfText, textOfBytes } from './code-text.ts';

const pauseMs = 150;
/** Enough for the code that another device shows, and quick to search. */
const edgePxMax = 640;
/** What every code of this kind begins with (specification, "QR code format"). */
const beginning = 'MATRIX';

/** False where the browser lets no page use a camera. */
export function canReadCodes(): boolean {
  return 'mediaDevices' in navigator;
}

/** Looks at the camera until a code for verification is in sight, or the signal ends it. */
export async function readCode(video: HTMLVideoElement, signal: AbortSignal): Promise<Uint8Array | null> {
  const take = frames(video);
  while (!signal.aborted) {
    const frame = take();
    const code = frame && (await codeIn(frame));
    if (code) return code;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return null;
}

/** @returns null if there is no code for verification in the picture. */
export async function codeIn(picture: Image): Promise<Uint8Array | null> {
  const { decodeQR } = await import('qr/decode.js');
  try {
    const text = decodeQR(picture, { textDecoder: textOfBytes });
    return text.startsWith(beginning) ? bytesOfText(text) : null;
  } catch {
    // Nothing in sight, or not sharp.
    return null;
  }
}

function frames(video: HTMLVideoElement): () => ImageData | null {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return () => {
    const scale = Math.min(1, edgePxMax / Math.max(video.videoWidth, video.videoHeight));
    [canvas.width, canvas.height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)];
    if (!context || canvas.width === 0) return null;
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    return context.getImageData(0, 0, canvas.width, canvas.height);
  };
}
