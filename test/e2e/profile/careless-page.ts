/** A page of the client's origin that leaves a word wherever browsers keep things: what a search must be able to find. */
import type { Page } from '@playwright/test';

/** Where each word is left. */
export type Place = 'database' | 'web storage' | 'session storage' | 'cache' | 'history' | 'web cache';

export async function leaveEverywhere(page: Page, words: Readonly<Record<Place, string>>): Promise<void> {
  await page.evaluate(`(async () => {
    const words = ${JSON.stringify(words)};
    localStorage.setItem('word', words['web storage']);
    sessionStorage.setItem('word', words['session storage']);
    history.pushState(null, '', '#/' + words.history);
    const cache = await caches.open('careless');
    await cache.put('/word', new Response(words.cache));
    await fetch('/config.json?word=' + words['web cache']);
    const opening = indexedDB.open('careless');
    opening.onupgradeneeded = () => opening.result.createObjectStore('words');
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const transaction = opening.result.transaction('words', 'readwrite');
    // Long enough to be compressed; of the word itself, half is a copy then.
    const text = words.database.slice(0, 10) + 'Wort für Wort. '.repeat(1_000) + words.database;
    transaction.objectStore('words').put(text, 'word');
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    opening.result.close();
  })()`);
}
