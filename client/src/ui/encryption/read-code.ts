/** The browser's own reader of QR codes (Shape Detection API), where there is one. */
interface BarcodeDetectorLike {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}

declare const BarcodeDetector: (new (options: { formats: string[] }) => BarcodeDetectorLike) | undefined;

const pauseMs = 150;
/** What every code of this kind begins with (specification, "QR code format"). */
const beginning = 'MATRIX';

export function canReadCodes(): boolean {
  return 'BarcodeDetector' in globalThis;
}

/** Looks at the camera until a code for verification is in sight, or the signal ends it. */
export async function readCode(video: HTMLVideoElement, signal: AbortSignal): Promise<Uint8Array | null> {
  if (BarcodeDetector === undefined) return null;
  const detector = new BarcodeDetector({ formats: ['qr_code'] });
  while (!signal.aborted) {
    const codes = await detector.detect(video);
    const found = codes.map((code) => bytesOf(code.rawValue)).find((bytes) => bytes !== null);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return null;
}

/** The reader gives text, one character a byte. */
function bytesOf(text: string): Uint8Array | null {
  const codes = Array.from(text, (character) => character.charCodeAt(0));
  return text.startsWith(beginning) && codes.every((code) => code <= 0xff) ? Uint8Array.from(codes) : null;
}
