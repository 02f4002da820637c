/** What a page costs besides time: long tasks of its main thread, and the code it loads. */
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';

export interface PageCosts {
  /** Milliseconds of tasks over 50 ms since the last call. A reload begins anew. */
  longTasksMs(): Promise<number>;
  /** Scripts and styles that the page has loaded so far, in KB as gzip makes them. */
  scriptAndStyleKilobytes(): Promise<number>;
}

/** Watches a page that has not navigated yet. */
export async function watchCosts(page: Page): Promise<PageCosts> {
  const sizes: Promise<number>[] = [];
  page.on('response', (response) => {
    if (!['script', 'stylesheet'].includes(response.request().resourceType())) return;
    sizes.push(response.body().then((body) => gzipSync(body).length));
  });
  await page.addInitScript({ content: observeLongTasks });
  return {
    longTasksMs: () => page.evaluate<number>(takeLongTasks),
    scriptAndStyleKilobytes: async () => (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / 1024,
  };
}

/** Runs in the page, whose types are not those of Node. Holds the durations that nobody has asked for yet. */
const observeLongTasks = `
  globalThis.benchLongTasksMs = [];
  new PerformanceObserver((list) => {
    globalThis.benchLongTasksMs.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: 'longtask', buffered: true });
`;

const takeLongTasks = 'globalThis.benchLongTasksMs.splice(0).reduce((sum, duration) => sum + duration, 0)';
