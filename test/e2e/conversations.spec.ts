import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { Seat } from './seat.ts';
import { visitor } from './stack.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const henrike = visitor('land.hessen.test', 'henrike.bolte');
const lars = visitor('polizei.hessen.test', 'lars.weidemann');

/** Keeps every heading that is in the page's main part for however short a moment. Runs in the page. */
const keepHeadings = `
  globalThis.seenHeadings = [];
  new MutationObserver(() => {
    for (const { textContent } of document.querySelectorAll('main h2')) seenHeadings.push(textContent);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
`;

test('a group of people of several ministries is begun with a name, and everybody chosen reads it', async ({
  browser,
}) => {
  const [one, other] = await Promise.all([Seat.signIn(browser, miriam), Seat.signIn(browser, henrike)]);
  const name = `Ortstermin ${randomUUID().slice(0, 8)}`;
  await one.startGroup(name, ['Henrike Bolte', 'Jonas Reith']);
  await one.send('Treffpunkt ist die Staumauer.');
  await other.openRoom(name);
  await expect(other.message('Treffpunkt ist die Staumauer.')).toBeVisible();
  await Promise.all([one.close(), other.close()]);
});

test('who begins a group sees no invitation on the way into it', async ({ browser }) => {
  const seat = await Seat.signIn(browser, miriam);
  await seat.page.evaluate(keepHeadings);
  const names = [1, 2, 3].map((number) => `Kurzbesprechung ${number} ${randomUUID().slice(0, 8)}`);
  for (const name of names) await seat.startGroup(name, ['Jonas Reith']);
  const seen = z.array(z.string()).parse(await seat.page.evaluate('seenHeadings'));
  expect(new Set(seen.filter((heading) => heading.includes('Kurzbesprechung')))).toEqual(new Set(names));
  await seat.close();
});

test('the police find nobody of the ministries, and the ministries nobody of the police', async ({ browser }) => {
  const [ministry, police] = await Promise.all([Seat.signIn(browser, miriam), Seat.signIn(browser, lars)]);
  // The same search finds somebody of the own side, so it is the wall that finds nobody.
  await ministry.searchPeople('henrike bolte');
  await expect(ministry.page.getByRole('option')).toHaveCount(1);
  await ministry.searchPeople('svenja kraft');
  await expect(ministry.page.getByText('Niemand gefunden')).toBeVisible();
  await police.searchPeople('svenja kraft');
  await expect(police.page.getByRole('option')).toHaveCount(1);
  await police.searchPeople('henrike bolte');
  await expect(police.page.getByText('Niemand gefunden')).toBeVisible();
  await Promise.all([ministry.close(), police.close()]);
});

test('who chose English finds the client in English after a reload', async ({ browser }) => {
  const seat = await Seat.signIn(browser, miriam);
  await seat.page.getByRole('button', { name: 'Einstellungen' }).click();
  await seat.page.getByText('English', { exact: true }).click();
  await expect(seat.page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await seat.page.reload();
  await expect(seat.page.getByRole('navigation', { name: 'Chats and rooms' })).toBeVisible();
  await expect(seat.page.locator('html')).toHaveAttribute('lang', 'en');
  await seat.close();
});

test('a search in the list ends when its room is opened, on the phone too', async ({ browser }) => {
  const seat = await Seat.signIn(browser, miriam, { viewport: { width: 390, height: 844 } });
  await seat.openRoom('Hochwasserschutz Eder 2027');
  await seat.page.getByRole('button', { name: 'Zurück' }).click();
  await expect(seat.page.getByRole('textbox', { name: 'Liste filtern' })).toHaveValue('');
  await seat.close();
});
