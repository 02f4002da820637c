/** What of Cinny's page stands for what is measured, and how a person works it. Written for 4.2. */
import type { Locator, Page } from '@playwright/test';
import { localpartOf } from '#contract/ids.ts';
import type { Visitor } from '../../../e2e/visitor.ts';
import { holds, listedRooms, type Condition } from '../page-clock.ts';

const messages = `[...document.querySelectorAll('[data-message-id]')]`;
const patience = { timeout: 180_000 };

/** Rooms outside of all spaces, which Cinny shows first. */
export const listIsShown: Condition = `document.querySelectorAll('a[href^="#/home/!"]').length >= ${listedRooms}`;

export function isAmongLast(text: string): Condition {
  return `${messages}.slice(-3).some(${holds(text)})`;
}

/** Cinny shows what made the room as messages, too. */
export function isAmongFirst(text: string): Condition {
  return `${messages}.slice(0, 12).some(${holds(text)})`;
}

export async function fillSignIn(page: Page, { person }: Visitor): Promise<void> {
  await page.locator('input[name=usernameInput]').fill(localpartOf(person.userId), patience);
  await page.locator('input[name=passwordInput]').fill(person.password);
}

export async function submitSignIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Login' }).click();
}

export function roomLink(page: Page, name: string): Locator {
  return page.locator('a[href*="/!"]', { hasText: name }).first();
}

/** Within the page, as a click on a link does; counts as input. */
export async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate(`
    globalThis.benchInputAt = performance.timeOrigin + performance.now();
    location.hash = ${JSON.stringify(hash)};
  `);
}

export async function write(page: Page, text: string): Promise<void> {
  await page.locator('[data-editable-name="RoomInput"]').click();
  await page.keyboard.insertText(text);
}
