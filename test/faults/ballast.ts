/** Fills a browser's storage to the last byte, and makes room again, as other files on the device do. */
import type { Page } from '@playwright/test';

/** Lets the origin store so much. Before its first use: Chromium looks twice a minute where it has plenty of room. */
export async function limitStorage(page: Page, bytesMax: number): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await browser.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: bytesMax });
}

/** Larger pieces first, then what fits between them. */
const fill = `(async () => {
  const opening = indexedDB.open('ballast');
  opening.onupgradeneeded = () => opening.result.createObjectStore('pieces', { autoIncrement: true });
  await new Promise((resolve) => (opening.onsuccess = resolve));
  const store = (bytes) => new Promise((resolve) => {
    const transaction = opening.result.transaction('pieces', 'readwrite');
    const piece = new Uint8Array(bytes);
    for (let at = 0; at < bytes; at += 65536) crypto.getRandomValues(piece.subarray(at, at + 65536));
    transaction.objectStore('pieces').add(piece);
    transaction.oncomplete = () => resolve(true);
    transaction.onabort = () => resolve(false);
  });
  for (const bytes of [4_000_000, 500_000, 50_000, 4_000, 500, 50, 1]) while (await store(bytes));
  opening.result.close();
})()`;

const empty = `new Promise((resolve) => (indexedDB.deleteDatabase('ballast').onsuccess = () => resolve(null)))`;

export async function fillStorage(page: Page): Promise<void> {
  await page.evaluate(fill);
}

export async function makeRoom(page: Page): Promise<void> {
  await page.evaluate(empty);
}
