import { randomUUID } from 'node:crypto';
import { expect, test, type Locator } from '@playwright/test';
import { alertReceiptsSchema, type RecordedReceipt } from '#contract/alert-receipts.ts';
import { eventIdSchema, roomIdSchema } from '#contract/ids.ts';
import { readMessages } from '../harness/matrix/rooms.ts';
import { signIn, signOut } from '../harness/matrix/session.ts';
import { signInToApi } from '../integration/api-session.ts';
import { violationsOf } from './accessibility.ts';
import { Seat } from './seat.ts';
import { visitor } from './stack.ts';

/** Holds the post that may write into the room; the others are patrols. */
const desk = visitor('polizei.hessen.test', 'ismail.demirel');
const patrol = visitor('polizei.hessen.test', 'svenja.kraft');
const room = 'Fahndung Nordhessen';
const phone = { viewport: { width: 390, height: 844 } };

/** Asks the appservice, as the desk, what the patrol's devices have said of the room's newest message. */
async function openRoster(roomAddress: string) {
  const matrix = await signIn(desk.homeserverUrl, desk.person.userId, desk.person.password);
  const roomId = roomIdSchema.parse(decodeURIComponent(new URL(roomAddress).hash.split('/').at(-1) ?? ''));
  const newest = (await readMessages(matrix, roomId)).find(({ type }) => type === 'm.room.encrypted');
  const eventId = eventIdSchema.parse(newest?.event_id);
  const api = await signInToApi(desk.appserviceUrl, matrix);
  const path = `/alerts/${encodeURIComponent(roomId)}/${encodeURIComponent(eventId)}/receipts`;
  const ofPatrol = async (): Promise<readonly RecordedReceipt[]> => {
    const { receipts } = alertReceiptsSchema.parse((await api.request('GET', path)).body);
    return receipts.filter(({ userId }) => userId === patrol.person.userId);
  };
  return { ofPatrol, close: () => signOut(matrix) };
}

async function sendAlert(seat: Seat, reference: string): Promise<void> {
  await seat.openRoom(room);
  await seat.page.getByRole('button', { name: 'Fahndung', exact: true }).click();
  const dialog = seat.page.getByRole('dialog', { name: 'Fahndung oder Lage senden' });
  await dialog.locator('input[type=file]').setInputFiles(await seat.drawPicture('gesucht.png'));
  await dialog.getByLabel('Aktenzeichen').fill(reference);
  await dialog.getByLabel('Text', { exact: true }).fill('Unbekannter Mann, dunkle Jacke. Nicht allein ansprechen.');
  await dialog.getByRole('radio', { name: 'Alarm' }).check({ force: true });
  await expect(dialog.getByText('niemand von außen')).toBeVisible();
  await dialog.getByRole('button', { name: /^Alarm an \d+ Person(en)? senden$/ }).click();
}

test('an alarm stands above a patrol’s chats until it is acknowledged, and the desk’s server keeps when', async ({
  browser,
}) => {
  const [sender, receiver] = await Promise.all([Seat.signIn(browser, desk, phone), Seat.signIn(browser, patrol)]);
  const reference = `F-${randomUUID().slice(0, 8)}`;
  await sendAlert(sender, reference);

  const place: Locator = receiver.page.getByRole('region', { name: 'Fahndungen und Lagen' });
  await expect(place.getByText(`Alarm · Fahndung ${reference}`)).toBeVisible();
  await expect(place.getByRole('img', { name: 'gesucht.png' })).toHaveJSProperty('naturalWidth', 240);
  await expect(place.getByText('Leitstelle Nordhessen')).toBeVisible();
  expect(await violationsOf(receiver.page)).toEqual([]);

  const roster = await openRoster(sender.page.url());
  const before = Date.now();
  await place.getByRole('button', { name: 'Bin dran' }).click();
  await place.getByRole('button', { name: 'Rückgängig' }).click();
  await place.getByRole('button', { name: 'Zur Kenntnis genommen' }).click();
  await expect(place.getByText('Kenntnisnahme vermerkt.')).toBeVisible();
  const after = Date.now();
  const kinds = async (): Promise<string[]> => (await roster.ofPatrol()).map(({ kind }) => kind);
  await expect.poll(kinds).toEqual(['arrived', 'displayed', 'on-it', 'withdrawn', 'acknowledged']);
  const acknowledgedAt = (await roster.ofPatrol()).at(-1)?.at ?? 0;
  expect(acknowledgedAt).toBeGreaterThanOrEqual(before);
  expect(acknowledgedAt).toBeLessThanOrEqual(after);
  await roster.close();
  await sender.chooseFor(sender.message(reference), 'Überblick');
  const overview = sender.page.getByRole('dialog', { name: `Überblick ${reference}` });
  await expect(overview.getByText(/^1 von [1-9]\d*$/)).toBeVisible();
  const entry = overview.getByRole('listitem').filter({ hasText: 'Svenja Kraft' });
  await expect(entry.getByText(/^Zur Kenntnis \d\d:\d\d$/)).toBeVisible();
  expect(await violationsOf(sender.page)).toEqual([]);

  // The minute for taking it back is over.
  await receiver.page.clock.install();
  await receiver.page.clock.fastForward(61_000);
  await expect(place.getByText(reference)).toBeHidden();
  expect([...sender.violations, ...receiver.violations]).toEqual([]);
  await Promise.all([sender.close(), receiver.close()]);
});

test('who holds no post and is not named by the room is offered no alarm', async ({ browser }) => {
  const seat = await Seat.signIn(browser, patrol);
  await seat.openRoom('Dienstgruppe B');
  await seat.page.getByRole('button', { name: 'Fahndung', exact: true }).click();
  const dialog = seat.page.getByRole('dialog', { name: 'Fahndung oder Lage senden' });
  await expect(dialog.getByRole('radio', { name: 'Dringend' })).toBeAttached();
  await expect(dialog.getByRole('radio', { name: 'Alarm' })).toHaveCount(0);
  await seat.close();
});
