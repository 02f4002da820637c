import { encodeQR } from 'qr';
import { bytesOfText, textOfBytes } from './code-text.ts';

const quietZone = 4;

/** @returns the code's modules by row, true for dark, its quiet zone included. */
export function drawCode(code: Uint8Array): readonly (readonly boolean[])[] {
  return encodeQR(textOfBytes(code), 'raw', {
    ecc: 'low',
    encoding: 'byte',
    border: quietZone,
    textEncoder: bytesOfText,
  });
}
