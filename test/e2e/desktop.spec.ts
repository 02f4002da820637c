import { expect, test } from '@playwright/test';
import { Seat } from './seat.ts';
import { visitor } from './stack.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const desktop = { viewport: { width: 1440, height: 900 } };

test('F6 goes from pane to pane and around, Shift+F6 back', async ({ browser }) => {
  const seat = await Seat.signIn(browser, miriam, desktop);
  await seat.openRoom('Hochwasserschutz Eder 2027');
  const { page } = seat;
  await page.getByRole('button', { name: 'Über diesen Raum' }).click();
  const field = page.getByRole('textbox', { name: /^Nachricht an / });
  const details = page.getByRole('complementary', { name: 'Über diesen Raum' });
  await field.focus();
  await page.keyboard.press('F6');
  await expect(details.locator(':focus')).toBeVisible();
  await page.keyboard.press('F6');
  await expect(seat.room('Hochwasserschutz Eder 2027').first()).toBeFocused();
  await page.keyboard.press('Shift+F6');
  await page.keyboard.press('Shift+F6');
  await expect(field).toBeFocused();
  await seat.close();
});

test('the list is as wide as its edge is moved, by pointer and by keys, and stays so', async ({ browser }) => {
  const seat = await Seat.signIn(browser, miriam, desktop);
  const edge = seat.page.getByRole('separator', { name: 'Breite der Liste' });
  const width = async (): Promise<number | undefined> => (await seat.page.locator('#rooms').boundingBox())?.width;
  const box = await edge.boundingBox();
  if (!box) throw new Error('no edge');
  await seat.page.mouse.move(box.x + 4, 300);
  await seat.page.mouse.down();
  await seat.page.mouse.move(360, 300);
  await seat.page.mouse.up();
  await expect.poll(width).toBe(360);
  await edge.press('ArrowLeft');
  await expect.poll(width).toBe(344);
  await edge.press('End');
  await edge.press('ArrowRight');
  await expect.poll(width).toBe(400);
  await seat.page.reload();
  await expect(seat.list).toBeVisible();
  await expect.poll(width).toBe(400);
  await seat.close();
});

test('what is shown of the time moves on with it', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'de-DE', ...desktop });
  const seat = await Seat.in(context);
  await seat.page.clock.install({ time: new Date() });
  await seat.page.goto(miriam.clientUrl);
  await seat.fillSignIn(miriam.person);
  await seat.submitSignIn();
  await seat.secure(miriam.person);
  await seat.openRoom('Hochwasserschutz Eder 2027');
  await seat.send('Wird bis morgen gelesen.');
  await expect(seat.page.getByRole('heading', { name: /^Heute, / })).toHaveCount(1);
  await seat.page.clock.fastForward('24:00:00');
  await expect(seat.page.getByRole('heading', { name: /^Gestern, / })).toHaveCount(1);
  await expect(seat.page.getByRole('heading', { name: /^Heute, / })).toHaveCount(0);
  await seat.close();
});
