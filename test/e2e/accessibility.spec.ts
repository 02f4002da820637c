import { expect, test, type Page } from '@playwright/test';
import { violationsOf } from './accessibility.ts';
import { Seat } from './seat.ts';
import { visitor } from './stack.ts';
import type { Visitor } from './visitor.ts';

const sizes = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1440, height: 900 },
};

/** One person per theme, and what each of them has to see. */
const visits: Readonly<Record<string, { visitor: Visitor; room: string; words: string }>> = {
  Land: { visitor: visitor('land.hessen.test', 'miriam.sauer'), room: 'Hochwasserschutz Eder 2027', words: 'bolte' },
  Polizei: { visitor: visitor('polizei.hessen.test', 'lars.weidemann'), room: 'Dienstgruppe B', words: 'kraft' },
};

for (const [theme, visit] of Object.entries(visits)) {
  for (const [device, size] of Object.entries(sizes)) {
    test(`every view is accessible, light and dark (${theme}, ${device})`, async ({ browser }) => {
      test.setTimeout(600_000);
      const found: Record<string, readonly string[]> = {};
      // Colours on their way from one appearance to the other are no colours to read by.
      const context = await browser.newContext({ viewport: size, locale: 'de-DE', reducedMotion: 'reduce' });
      const seat = await Seat.in(context);
      for await (const view of views(seat, visit)) found[view] = await violationsOf(seat.page);
      const clean = Object.fromEntries(Object.keys(found).map((view) => [view, []]));
      expect(Object.keys(found)).toHaveLength(17);
      expect(found).toEqual(clean);
      await context.close();
    });
  }
}

/** Goes through all views; each is in sight when its name is given. */
async function* views(seat: Seat, { visitor: { person, clientUrl }, room, words }: (typeof visits)[string]) {
  const { page } = seat;
  await page.goto(clientUrl);
  await expect(page.getByLabel('Dienstkennung')).toBeVisible();
  yield 'sign-in';
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await expect(page.getByText('Geben Sie Ihre Dienstkennung ein.')).toBeVisible();
  yield 'sign-in with what is missing';
  await seat.fillSignIn(person);
  await seat.submitSignIn();
  await page.getByRole('button', { name: /^Später (einrichten|bestätigen)$/ }).waitFor();
  yield 'set-up or confirmation of the device';
  await seat.postpone();
  yield 'list with the reminder';
  await page.getByRole('button', { name: /^Jetzt (sichern|bestätigen)$/ }).click();
  await seat.secure(person);
  await expect(seat.list).toBeVisible();
  yield 'list';
  await seat.filterList('nirgends zu finden');
  await expect(page.getByText('Nichts gefunden')).toBeVisible();
  yield 'list without a match';
  await seat.openRoom(room);
  await seat.send('Guten Morgen. **Alles** steht bereit:\n- Zufahrt\n- Treffpunkt');
  await expect(page.getByRole('article').last().getByText('Gesendet')).toBeAttached();
  yield 'room';
  await page.getByRole('article').last().click({ button: 'right' });
  await expect(page.getByRole('menuitem', { name: 'Antworten' })).toBeVisible();
  yield 'menu of a message';
  await page.getByRole('button', { name: 'Weitere Emojis' }).click();
  await expect(page.getByRole('textbox', { name: 'Emoji suchen' })).toBeVisible();
  yield 'emojis';
  await closeDialog(page);
  await page.getByRole('article').last().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Löschen' }).click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  yield 'question before deleting';
  await closeDialog(page);
  await page.getByRole('button', { name: 'Über diesen Raum' }).click();
  await expect(page.getByRole('heading', { name: 'Wer mitlesen kann' })).toBeVisible();
  yield 'details of the room';
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Springen zu' })).toBeVisible();
  yield 'switcher';
  await closeDialog(page);
  await goToList(page);
  await seat.searchPeople(words);
  await expect(page.getByRole('option').first()).toBeVisible();
  yield 'people search';
  await page.getByRole('button', { name: 'Gruppe mit mehreren Personen' }).click();
  await page.getByRole('option').first().click();
  yield 'new group';
  await closeDialog(page);
  await page.getByRole('button', { name: 'Einstellungen' }).click();
  await expect(page.getByRole('heading', { name: 'Einstellungen' })).toBeVisible();
  yield 'settings';
  await page.getByRole('button', { name: 'Abmelden' }).click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  yield 'question before signing out';
  await closeDialog(page);
  await page.goto(`${clientUrl}/#/room/!gibt-es-nicht`);
  await expect(page.getByText('Diesen Raum gibt es hier nicht')).toBeVisible();
  yield 'room that does not exist';
}

/** Escape empties a search field first. */
async function closeDialog(page: Page): Promise<void> {
  const dialog = page.locator('dialog[open]');
  while (await dialog.isVisible()) await page.keyboard.press('Escape');
}

/** On a phone the list is another view. */
async function goToList(page: Page): Promise<void> {
  const back = page.getByRole('button', { name: 'Zurück' });
  if (await back.isVisible()) await back.click();
}
