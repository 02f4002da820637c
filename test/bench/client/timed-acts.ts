/** What is timed, of any client: from a person's act to what it brings on the screen. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Locator, Page } from '@playwright/test';
import { inputAt, navigatedAt, paintedAt, type Condition } from './page-clock.ts';

/**
 * Before memory is measured: what the browser frees by itself is not what the client needs. It looks after eight seconds
 * without much to do, and takes a while.
 */
export const restMs = 30_000;
const patience = { timeout: 180_000 };
const wheelEveryMs = 30;
/** Somebody reads a moment before reloading. */
const readingMs = 1_000;
/** A hand rests on what it points at before it presses; scripts do not. This client uses the time. */
const pointingMs = 100;

/** Milliseconds from the last click or Enter until the page paints what the condition describes. */
export async function sinceInput(page: Page, condition: Condition): Promise<number> {
  const painted = await paintedAt(page, condition);
  return painted - (await inputAt(page));
}

/**
 * Opens a room from the list as it stands.
 * @param link by a selector: looking for a link by its name takes Playwright seconds in a long list
 */
export async function openTimed(page: Page, link: Locator, isOpen: Condition): Promise<number> {
  // Right after signing in the list still grows.
  await link.waitFor(patience);
  await link.hover();
  await pause(pointingMs);
  await link.click();
  return sinceInput(page, isOpen);
}

/** Turns the wheel until the condition holds. */
export async function scrollBack(page: Page, isAtBeginning: Condition): Promise<number> {
  await page.mouse.move(800, 400);
  const begun = Date.now();
  const found = new AbortController();
  const watched = paintedAt(page, isAtBeginning).finally(() => found.abort());
  while (!found.signal.aborted) {
    await page.mouse.wheel(0, -2500);
    await pause(wheelEveryMs);
  }
  return (await watched) - begun;
}

/** Measures the third reload in a row: what the browser keeps of the code is there by then. */
export async function reloadThrice(page: Page, isBack: Condition): Promise<number> {
  let durationMs = 0;
  for (let reloads = 0; reloads < 3; reloads += 1) {
    await pause(readingMs);
    await page.reload({ waitUntil: 'commit' });
    durationMs = (await paintedAt(page, isBack)) - (await navigatedAt(page));
  }
  return durationMs;
}
