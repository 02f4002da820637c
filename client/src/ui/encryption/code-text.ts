/** Codes for verification are bytes; the library of QR codes takes and gives text. One character stands for one byte. */

export function textOfBytes(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

export function bytesOfText(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
