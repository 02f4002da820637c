import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { Seat } from './seat.ts';
import { noticesOf, setSight, system } from './shown-notices.ts';
import { visitor } from './stack.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');

test('a message that comes while nobody looks is told once, by one of several tabs, and leads to its place', async ({
  browser,
}) => {
  const [reader, writer] = await Promise.all([Seat.signIn(browser, miriam, {}, system), Seat.signIn(browser, jonas)]);
  await reader.page.getByRole('button', { name: 'Einstellungen' }).click();
  await reader.page.getByText('Mit Namen und Text').click();
  await reader.page.keyboard.press('Escape');
  await reader.startDirectChat('jonas reith', 'Jonas Reith');
  await writer.openRoom('Miriam Sauer');
  const tab = await Seat.in(reader.page.context());
  await tab.page.goto(miriam.clientUrl);
  await expect(tab.list).toBeVisible();
  const pages = [reader.page, tab.page];

  await setSight(reader.page, 'hidden');
  const seen = `Noch zu sehen ${randomUUID()}`;
  await writer.send(seen);
  await expect(reader.message(seen)).toBeVisible();
  await setSight(tab.page, 'hidden');
  const text = `Pegel ${randomUUID()}`;
  await writer.send(text);
  await expect
    .poll(async () => (await Promise.all(pages.map(noticesOf))).flat())
    .toEqual([{ title: 'Jonas Reith', body: text, silent: true }]);

  await reader.page.evaluate('notices[0]?.dispatchEvent(new Event("click"))');
  await tab.page.evaluate('notices[0]?.dispatchEvent(new Event("click"))');
  await setSight(reader.page, 'visible');
  await expect(reader.message(text)).toBeFocused();
  await Promise.all([reader.close(), writer.close()]);
});

test('what was read takes its notice and its count away', async ({ browser }) => {
  const [reader, writer] = await Promise.all([Seat.signIn(browser, miriam, {}, system), Seat.signIn(browser, jonas)]);
  const offer = reader.page.getByRole('region', { name: /^Neue Nachrichten melden/ });
  await offer.getByRole('button', { name: 'Einschalten' }).click();
  await expect(offer).toBeHidden();
  await reader.startDirectChat('jonas reith', 'Jonas Reith');
  await reader.openRoom('Hochwasserschutz Eder 2027');
  await writer.openRoom('Miriam Sauer');
  await setSight(reader.page, 'hidden');
  // Other tests leave unread rooms behind.
  const before = await reader.page.title();
  const text = `Pegel ${randomUUID()}`;
  await writer.send(text);
  const bare = { title: 'Landbote', body: 'Neue Nachricht', silent: true };
  await expect.poll(() => noticesOf(reader.page)).toEqual([bare]);
  await expect(reader.page).not.toHaveTitle(before);
  await setSight(reader.page, 'visible');
  await reader.openRoom('Jonas Reith');
  await expect(reader.message(text)).toBeVisible();
  await expect.poll(() => noticesOf(reader.page)).toEqual([]);
  await expect(reader.page).toHaveTitle(before);
  await Promise.all([reader.close(), writer.close()]);
});
