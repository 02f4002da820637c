import { randomUUID } from 'node:crypto';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { serverNameOf } from '#contract/ids.ts';
import { isSending } from '../faults/cut-seat.ts';
import { openCutLine, type CutLine } from '../harness/cutting-proxy/cut-line.ts';
import type { Fault, SeenRequest } from '../harness/cutting-proxy/faults.ts';
import { z } from 'zod';
import { violationsInSight } from './accessibility.ts';
import { Seat } from './seat.ts';
import { system } from './shown-notices.ts';
import { freshAccounts, visitor } from './stack.ts';
import type { Visitor } from './visitor.ts';

const sizes = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1440, height: 900 },
};

/** One person per theme, and what each of them has to see. */
const visits = {
  Land: { visitor: visitor('land.hessen.test', 'miriam.sauer'), room: 'Hochwasserschutz Eder 2027', words: 'bolte' },
  Polizei: { visitor: visitor('polizei.hessen.test', 'lars.weidemann'), room: 'Dienstgruppe B', words: 'kraft' },
};

/** Making all keys takes a busy machine its time. */
const setUpMsMax = 60_000;

interface Look {
  readonly theme: keyof typeof visits;
  readonly device: keyof typeof sizes;
  readonly appearance: 'light' | 'dark';
}

/** Every theme, device and appearance comes in each half; the second one runs with --long. */
const looks: readonly Look[] = [
  { theme: 'Land', device: 'desktop', appearance: 'light' },
  { theme: 'Polizei', device: 'phone', appearance: 'dark' },
];
const furtherLooks: readonly Look[] = [
  { theme: 'Polizei', device: 'desktop', appearance: 'dark' },
  { theme: 'Land', device: 'phone', appearance: 'light' },
];

for (const look of looks) test(titleOf(look), () => everyViewIsAccessible(look));
for (const look of furtherLooks) test(titleOf(look), { tag: '@long' }, () => everyViewIsAccessible(look));

function titleOf({ theme, device, appearance }: Look): string {
  return `every view is accessible (${theme}, ${device}, ${appearance})`;
}

async function everyViewIsAccessible({ theme, device, appearance }: Look): Promise<void> {
  test.setTimeout(600_000);
  const visit = visits[theme];
  const line = await openCutLine(visit.visitor.homeserverUrl);
  const context = await line.browser.newContext({
    viewport: sizes[device],
    locale: 'de-DE',
    colorScheme: appearance,
    // Colours on their way from one appearance to the other are no colours to read by.
    reducedMotion: 'reduce',
  });
  await context.addInitScript(system);
  const seat = await Seat.in(context);
  const found: Record<string, readonly string[]> = {};
  // A phone is one's own, a desk is shared: each has a strip that the other has not.
  const visiting = { ...visit, isShared: device === 'desktop' };
  found['recovery code'] = await violationsOfCode(context, visit.visitor);
  for await (const view of views(seat, line, visiting)) found[view] = await violationsInSight(seat.page);
  const clean = Object.fromEntries(Object.keys(found).map((view) => [view, []]));
  expect(Object.keys(found)).toHaveLength(25);
  expect(found).toEqual(clean);
  await line.close();
}

interface Visit {
  readonly visitor: Visitor;
  readonly room: string;
  readonly words: string;
  readonly isShared: boolean;
}

/** Goes through all views; each is in sight when its name is given. */
async function* views(seat: Seat, line: CutLine, { visitor: visiting, room, words, isShared }: Visit) {
  const { page } = seat;
  const { person, clientUrl } = visiting;
  line.proxy.inject({ fault: invitation, matches: isSync, times: 1 });
  await page.goto(clientUrl);
  await expect(page.getByLabel('Dienstkennung')).toBeVisible();
  yield 'sign-in';
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await expect(page.getByText('Geben Sie Ihre Dienstkennung ein.')).toBeVisible();
  yield 'sign-in with what is missing';
  await seat.fillSignIn(person);
  if (isShared) await seat.shareComputer();
  await seat.submitSignIn();
  await page.getByRole('button', { name: /^Später (einrichten|bestätigen)$/ }).waitFor();
  yield 'set-up or confirmation of the device';
  await seat.postpone();
  yield 'list with the reminder';
  await page.getByRole('button', { name: /^Jetzt (sichern|bestätigen)$/ }).click();
  await seat.secure(person);
  await expect(seat.list).toBeVisible();
  const strip = isShared ? 'Dieser Computer wird gemeinsam genutzt' : /^Neue Nachrichten melden/;
  await expect(page.getByRole('region', { name: strip })).toBeVisible();
  yield 'list with a strip';
  const invited = seat.list.getByRole('link', { name: invitedTo });
  await invited.click();
  await expect(page.getByRole('button', { name: 'Annehmen' })).toBeVisible();
  yield 'invitation';
  await goToList(page);
  await seat.filterList('nirgends zu finden');
  await expect(page.getByText('Nichts gefunden')).toBeVisible();
  yield 'list without a match';
  await seat.openRoom(room);
  await seat.send('Guten Morgen. **Alles** steht bereit:\n- Zufahrt\n- Treffpunkt');
  await expect(page.getByRole('article').last().getByText('Gesendet', { exact: true })).toBeAttached();
  yield 'room';
  const picture = `Pegel-${randomUUID()}.png`;
  await seat.sendPicture(picture);
  await seat.seesPicture(picture);
  await page.getByRole('button', { name: `Bild ${picture} vergrößern` }).click();
  await expect(page.getByRole('dialog').getByRole('img')).toBeVisible();
  yield 'picture';
  await closeDialog(page);
  line.proxy.inject({ fault: refused, matches: isSending, times: 1 });
  await seat.send('Abgelehnt');
  await expect(page.getByText('Nicht gesendet')).toBeVisible();
  yield 'failed message';
  await page.getByRole('button', { name: 'Löschen' }).click();
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
  await page.getByRole('dialog').getByRole('button', { name: 'Abmelden' }).click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  yield 'question before signing out';
  await closeDialog(page);
  await page.goto(`${clientUrl}/#/room/!gibt-es-nicht`);
  await expect(page.getByText('Diesen Raum gibt es hier nicht')).toBeVisible();
  yield 'room that does not exist';
  yield* verification(page, line, visiting);
  const lift = line.proxy.inject({ fault: { kind: 'refuse' }, matches: () => true });
  line.proxy.cutAll();
  await expect(page.getByText('Keine Verbindung')).toBeVisible();
  yield 'offline';
  lift();
}

/** Somebody at the very first sign-in, who gets a code and has to repeat a part of it. */
async function violationsOfCode(context: BrowserContext, { person, clientUrl }: Visitor): Promise<readonly string[]> {
  const source = await freshAccounts(serverNameOf(person.userId));
  const account = await source.newAccount('neu');
  const seat = await Seat.in(context);
  await seat.page.goto(clientUrl);
  await seat.fillSignIn(account);
  await seat.shareComputer();
  await seat.submitSignIn();
  await seat.page.getByRole('button', { name: 'Code erzeugen' }).click();
  await expect(seat.page.getByText(/^Zur Probe/)).toBeVisible({ timeout: setUpMsMax });
  const violations = await violationsInSight(seat.page);
  await seat.page.close();
  await source.close(account);
  return violations;
}

/** Another device of the person asks to be verified. */
async function* verification(page: Page, line: CutLine, { person, clientUrl }: Visitor) {
  const other = await Seat.in(await line.browser.newContext({ locale: 'de-DE' }));
  await other.page.goto(clientUrl);
  await other.fillSignIn(person);
  await other.submitSignIn();
  await other.page.getByRole('button', { name: 'Mit einem anderen Gerät bestätigen' }).click();
  await expect(page.getByText('Eines Ihrer Geräte möchte bestätigt werden')).toBeVisible();
  yield 'question whether to verify a device';
  await page.getByRole('dialog').getByRole('button', { name: 'Annehmen' }).click();
  await expect(page.getByRole('button', { name: 'Bildzeichen vergleichen' })).toBeVisible();
  yield 'ways to verify a device';
  await page.getByRole('button', { name: 'Bildzeichen vergleichen' }).click();
  await expect(page.getByRole('button', { name: 'Ja, sie stimmen überein' })).toBeVisible();
  yield 'emojis to compare';
  await closeDialog(page);
  await other.close();
}

const isSync = ({ path }: SeenRequest): boolean => path.includes('simplified_msc3575/sync');
const invitedTo = 'Lagebild Nord';
const stripped = { sender: '@henrike.bolte:land.hessen.test', state_key: '' };
const invitation: Fault = {
  kind: 'rewrite',
  rewrite: (body) => {
    const answer = z.looseObject({ rooms: z.record(z.string(), z.unknown()) }).parse(JSON.parse(body));
    const state = [
      { ...stripped, type: 'm.room.name', content: { name: invitedTo } },
      { ...stripped, type: 'm.room.create', content: {} },
    ];
    answer.rooms['!einladung:land.hessen.test'] = { initial: true, invite_state: state };
    return JSON.stringify(answer);
  },
};
const refused: Fault = {
  kind: 'answer',
  status: 403,
  type: 'application/json',
  body: '{"errcode":"M_FORBIDDEN","error":"Not here"}',
};

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
