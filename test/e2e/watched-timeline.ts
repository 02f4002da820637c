/** A timeline that notes by itself what it shows while somebody scrolls, so that nothing in between is missed. */
import type { Page } from '@playwright/test';
import { z } from 'zod';

const noteSchema = z.object({
  /** Messages in the order in which they came into sight. */
  seen: z.array(z.string()),
  /** What was in the document after each change, oldest first. */
  windows: z.array(z.array(z.string())),
  /** Messages that moved on the screen without being scrolled (Layout Instability API). */
  moved: z.array(z.string()),
});

export type TimelineNote = z.infer<typeof noteSchema>;

/** Begins to note the messages whose text begins with `series`. */
export async function watchTimeline(page: Page, series: string): Promise<void> {
  await page.evaluate(`(() => {
    const note = (globalThis.timelineNote = { seen: [], windows: [], moved: [] });
    const scrolled = document.querySelector('section[aria-busy]');
    const numberIn = (article) => /${series} \\d{4}/.exec(article.textContent)?.[0];
    const sight = new IntersectionObserver((entries) => {
      // Of those that come into sight in one frame the lowest was there first.
      const upwards = entries.toSorted((a, b) => b.boundingClientRect.top - a.boundingClientRect.top);
      for (const { isIntersecting, target } of upwards) {
        const message = numberIn(target);
        if (isIntersecting && message && !note.seen.includes(message)) note.seen.push(message);
      }
    }, { root: scrolled });
    const look = () => {
      const articles = [...scrolled.querySelectorAll('article')];
      for (const article of articles) sight.observe(article);
      note.windows.push(articles.flatMap((article) => numberIn(article) ?? []));
    };
    new MutationObserver(look).observe(scrolled, { childList: true, subtree: true });
    look();
    new PerformanceObserver((list) => {
      for (const { sources } of list.getEntries())
        for (const { node } of sources) {
          const message = node?.parentElement?.closest('article') ?? node?.querySelector?.('article');
          if (message) note.moved.push(message.textContent.trim().slice(0, 80));
        }
    }).observe({ type: 'layout-shift' });
  })()`);
}

/** Once what the last act has led to is on the screen. */
function painted(page: Page): Promise<unknown> {
  return page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
}

export async function timelineNote(page: Page): Promise<TimelineNote> {
  await painted(page);
  return noteSchema.parse(await page.evaluate('globalThis.timelineNote'));
}

/** Less than the height of the window, as a wheel does it. */
const stepPx = 400;

/** Scrolls back step by step until a message is in the document, at the screen's own pace. */
export async function scrollBackTo(page: Page, isReached: () => Promise<boolean>): Promise<void> {
  await page.getByRole('region', { name: /^Nachrichten in / }).hover();
  while (!(await isReached())) {
    await page.mouse.wheel(0, -stepPx);
    await painted(page);
  }
}
