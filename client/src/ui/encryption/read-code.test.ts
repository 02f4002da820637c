import { describe, expect, test } from 'vitest';
import { drawCode } from './draw-code.ts';
import { codeIn } from './read-code.ts';

const pxPerModule = 4;
const everyByte = Uint8Array.from([...new TextEncoder().encode('MATRIX'), 2, ...Array(256).keys()]);

/** What a camera would see that looks straight at the screen. */
function photo(modules: readonly (readonly boolean[])[]) {
  const edge = modules.length * pxPerModule;
  const data = new Uint8ClampedArray(edge * edge * 4).fill(255);
  const isDark = (x: number, y: number): boolean | undefined =>
    modules[Math.floor(y / pxPerModule)]?.[Math.floor(x / pxPerModule)];
  for (let px = 0; px < edge * edge; px += 1) {
    if (isDark(px % edge, Math.floor(px / edge))) data.set([0, 0, 0], px * 4);
  }
  return { width: edge, height: edge, data };
}

describe('the QR code of a verification', () => {
  test('is read as the bytes that the other device shows, whatever bytes they are', async () => {
    expect(await codeIn(photo(drawCode(everyByte)))).toEqual(everyByte);
  });

  test('is not taken from a code of something else', async () => {
    expect(await codeIn(photo(drawCode(new TextEncoder().encode('https://example.org'))))).toBeNull();
  });

  test('is not there in a picture of nothing', async () => {
    expect(await codeIn({ width: 64, height: 64, data: new Uint8ClampedArray(64 * 64 * 4).fill(200) })).toBeNull();
  });
});
