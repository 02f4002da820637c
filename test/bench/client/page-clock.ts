/**
 * Times by the page's own clock. Playwright's locators walk the whole page again and again, which would be measured
 * along; this looks at a few elements once a frame.
 */
import type { Page } from '@playwright/test';
import { z } from 'zod';

/** A condition on the page, as an expression that runs there. */
export type Condition = string;

const patienceMs = 120_000;
export const listedRooms = 5;

export const listIsShown: Condition = `document.querySelectorAll('nav a[href^="#/room/"]').length >= ${listedRooms}`;

/** The same on a shared computer, where no address in the page names a room. */
export const sharedListIsShown: Condition = `document.querySelectorAll('nav.list a').length >= ${listedRooms}`;

/** The task that follows when the keys are open; the one thing on the screen with a field for a passphrase or a code. */
export const keysAreAsked: Condition = `document.querySelector('main form, main h1') !== null && document.querySelector('nav') === null`;

/** Whether one of the last messages of the open room has this text. */
export function isAmongLast(text: string): Condition {
  return `[...document.getElementsByTagName('article')].slice(-3).some(${holds(text)})`;
}

export function isAmongFirst(text: string): Condition {
  return `[...document.getElementsByTagName('article')].slice(0, 3).some(${holds(text)})`;
}

/** Whether an element has the text. */
export function holds(text: string): string {
  return `(element) => element.textContent.includes(${JSON.stringify(text)})`;
}

/** Remembers when the person last clicked or pressed Enter. Call it before the page navigates. */
export async function watchInput(page: Page): Promise<void> {
  await page.addInitScript({
    content: `
      const note = ({ timeStamp }) => (globalThis.benchInputAt = performance.timeOrigin + timeStamp);
      addEventListener('click', note, true);
      addEventListener('keydown', (event) => event.key === 'Enter' && note(event), true);
    `,
  });
}

/** When the last input came, in milliseconds since the epoch. */
export async function inputAt(page: Page): Promise<number> {
  return z.number().parse(await page.evaluate<unknown>('globalThis.benchInputAt'));
}

/** When the page painted what the condition describes, in milliseconds since the epoch; Infinity if it did not. */
export async function paintedAt(page: Page, condition: Condition): Promise<number> {
  const time = z
    .number()
    .nullable()
    .parse(
      await page.evaluate<unknown>(`new Promise((resolve) => {
      const limit = performance.now() + ${patienceMs};
      const now = () => performance.timeOrigin + performance.now();
      const look = () => {
        if (${condition}) requestAnimationFrame(() => resolve(now()));
        else if (performance.now() > limit) resolve(null);
        else requestAnimationFrame(look);
      };
      look();
    })`),
    );
  return time ?? Infinity;
}

/** When the page began to load, in milliseconds since the epoch. */
export async function navigatedAt(page: Page): Promise<number> {
  return z.number().parse(await page.evaluate<unknown>('performance.timeOrigin'));
}
