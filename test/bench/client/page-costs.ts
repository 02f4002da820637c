/** What a page costs besides time: long tasks of its main thread, and the code it loads. */
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { z } from 'zod';
import type { Condition } from './page-clock.ts';

export interface PageCosts {
  /** Milliseconds of tasks over 50 ms since the last call. A reload begins anew. */
  longTasksMs(): Promise<number>;
  /**
   * Scripts and styles that the page has asked for when the condition holds, in KB as gzip makes them. The page must
   * not navigate meanwhile.
   */
  kilobytesUntil(condition: Condition): Promise<number>;
}

/** Watches a page that has not navigated yet. */
export async function watchCosts(page: Page): Promise<PageCosts> {
  const sizes = new Map<string, Promise<number>>();
  page.on('response', (response) => {
    if (!['script', 'stylesheet'].includes(response.request().resourceType())) return;
    sizes.set(
      response.url(),
      response.body().then(
        (body) => gzipSync(body).length,
        // The page was left before it came.
        () => 0,
      ),
    );
  });
  await page.addInitScript({ content: observeLongTasks });
  return {
    longTasksMs: () => page.evaluate<number>(takeLongTasks),
    async kilobytesUntil(condition) {
      const asked = z.array(z.string()).parse(await page.evaluate<unknown>(askedUntil(condition)));
      const weighed = await Promise.all(asked.map(async (url) => sizes.get(url) ?? 0));
      return weighed.reduce((sum, size) => sum + size, 0) / 1024;
    },
  };
}

/** Addresses that the page has asked for in the frame in which the condition comes to hold. */
function askedUntil(condition: Condition): string {
  return `new Promise((resolve) => {
    const look = () => {
      if (!(${condition})) return requestAnimationFrame(look);
      resolve([...new Set(performance.getEntriesByType('resource').map(({ name }) => name))]);
    };
    look();
  })`;
}

/** Runs in the page, whose types are not those of Node. Holds the durations that nobody has asked for yet. */
const observeLongTasks = `
  globalThis.benchLongTasksMs = [];
  new PerformanceObserver((list) => {
    globalThis.benchLongTasksMs.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: 'longtask', buffered: true });
`;

const takeLongTasks = 'globalThis.benchLongTasksMs.splice(0).reduce((sum, duration) => sum + duration, 0)';
