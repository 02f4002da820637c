import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { violationsOf } from './accessibility.ts';
import { alertAbove, desk, openReceipts, patrol, sendAlert } from './alert-acts.ts';
import { Seat } from './seat.ts';

const phone = { viewport: { width: 390, height: 844 } };

test('an alarm stands above a patrol’s chats until it is acknowledged, and the desk’s server keeps when', async ({
  browser,
}) => {
  const [sender, receiver] = await Promise.all([Seat.signIn(browser, desk, phone), Seat.signIn(browser, patrol)]);
  const reference = `F-${randomUUID().slice(0, 8)}`;
  await sendAlert(sender, reference);

  const alert = alertAbove(receiver, reference);
  await expect(alert.getByText(`Alarm · Fahndung ${reference}`)).toBeVisible();
  await expect(alert.getByRole('img', { name: 'gesucht.png' })).toHaveJSProperty('naturalWidth', 240);
  await expect(alert.getByText('Leitstelle Nordhessen')).toBeVisible();
  expect(await violationsOf(receiver.page)).toEqual([]);

  const receipts = await openReceipts(sender.page.url());
  const before = Date.now();
  await alert.getByRole('button', { name: 'Bin dran' }).click();
  await alert.getByRole('button', { name: 'Rückgängig' }).click();
  await alert.getByRole('button', { name: 'Zur Kenntnis genommen' }).click();
  await expect(alert.getByRole('button', { name: 'Rückgängig' })).toBeVisible();
  const after = Date.now();
  const kinds = async (): Promise<string[]> => (await receipts.ofPatrol()).map(({ kind }) => kind);
  await expect.poll(kinds).toEqual(['arrived', 'displayed', 'on-it', 'withdrawn', 'acknowledged']);
  const acknowledgedAt = (await receipts.ofPatrol()).at(-1)?.at ?? 0;
  expect(acknowledgedAt).toBeGreaterThanOrEqual(before);
  expect(acknowledgedAt).toBeLessThanOrEqual(after);
  await receipts.close();
  await sender.chooseFor(sender.message(reference), 'Überblick');
  const overview = sender.page.getByRole('dialog', { name: `Überblick ${reference}` });
  await expect(overview.getByText(/^1 von [1-9]\d*$/)).toBeVisible();
  const entry = overview.getByRole('listitem').filter({ hasText: 'Svenja Kraft' });
  await expect(entry.getByText(/^Zur Kenntnis \d\d:\d\d$/)).toBeVisible();
  expect(await violationsOf(sender.page)).toEqual([]);

  // The minute for taking it back is over.
  await receiver.page.clock.install();
  await receiver.page.clock.fastForward(61_000);
  await expect(alert).toHaveCount(0);
  expect([...sender.violations, ...receiver.violations]).toEqual([]);
  await Promise.all([sender.close(), receiver.close()]);
});

test('who holds no post is offered no alarm, and keeps what was written when leaving the choice of a photo', async ({
  browser,
}) => {
  const seat = await Seat.signIn(browser, patrol);
  await seat.openRoom('Dienstgruppe B');
  await seat.page.getByRole('button', { name: 'Fahndung', exact: true }).click();
  const dialog = seat.page.getByRole('dialog', { name: 'Fahndung oder Lage senden' });
  await expect(dialog.getByRole('radio', { name: 'Dringend' })).toBeAttached();
  await expect(dialog.getByRole('radio', { name: 'Alarm' })).toHaveCount(0);

  const text = dialog.getByLabel('Text', { exact: true });
  await text.fill('Unbekannter Mann, dunkle Jacke.');
  // As browsers do when somebody leaves it.
  await dialog.locator('input[type=file]').dispatchEvent('cancel');
  await expect(text).toHaveValue('Unbekannter Mann, dunkle Jacke.');
  await seat.close();
});
