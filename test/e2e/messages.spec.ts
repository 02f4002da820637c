import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { roomIdSchema } from '#contract/ids.ts';
import { readMessages } from '../harness/matrix/rooms.ts';
import { signIn, signOut } from '../harness/matrix/session.ts';
import { Seat } from './seat.ts';
import { visitor } from './stack.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');
const frieder = visitor('land.hessen.test', 'frieder.bolte');
const lars = visitor('polizei.hessen.test', 'lars.weidemann');
const svenja = visitor('polizei.hessen.test', 'svenja.kraft');

const room = 'Hochwasserschutz Eder 2027';

/** A text that no other run has sent. */
function text(words: string): string {
  return `${words} ${randomUUID().slice(0, 8)}`;
}

test('two people of two ministries exchange encrypted messages in a room over both', async ({ browser }) => {
  const [one, other] = await Promise.all([Seat.signIn(browser, miriam), Seat.signIn(browser, jonas)]);

  await Promise.all([one.openRoom(room), other.openRoom(room)]);
  const question = text('Brauchen Sie die Zufahrt über den Forstweg?');
  await one.send(question);
  await expect(other.message(question)).toBeVisible();
  const answer = text('Ja, am Mittwoch.');
  await other.send(answer);
  await expect(one.message(answer)).toBeVisible();
  expect([...one.violations, ...other.violations]).toEqual([]);
  await Promise.all([one.close(), other.close()]);
});

test('anyone starts a direct chat with somebody of another ministry in three acts', async ({ browser }) => {
  const [one, other] = await Promise.all([Seat.signIn(browser, miriam), Seat.signIn(browser, frieder)]);
  await one.startDirectChat('frieder hmsi', 'Frieder Bolte');
  const greeting = text('Guten Tag, Herr Bolte.');
  await one.send(greeting);
  await other.openRoom('Miriam Sauer');
  await expect(other.message(greeting)).toBeVisible();
  await Promise.all([one.close(), other.close()]);
});

test('who is mentioned stands out in the message, also after an edit', async ({ browser }) => {
  const [one, other] = await Promise.all([Seat.signIn(browser, miriam), Seat.signIn(browser, jonas)]);
  await Promise.all([one.openRoom(room), other.openRoom(room)]);
  const question = text('genügt die Anlage 2?');
  await one.write('');
  await one.page.keyboard.type('@Jon');
  await one.page.getByRole('option', { name: /^Jonas Reith/ }).click();
  await one.page.keyboard.type(question);
  await one.page.keyboard.press('Enter');
  for (const seat of [one, other]) {
    await expect(seat.message(question).getByText('@Jonas Reith', { exact: true })).toBeVisible();
  }
  await one.chooseFor(one.message(question), 'Bearbeiten');
  await one.page.keyboard.type(' Danke.');
  await one.page.keyboard.press('Enter');
  const edited = other.message(`${question} Danke.`);
  await expect(edited.getByText('@Jonas Reith', { exact: true })).toBeVisible();
  await Promise.all([one.close(), other.close()]);
});

test('who deletes a message after being asked takes it from everybody', async ({ browser }) => {
  const [one, other] = await Promise.all([Seat.signIn(browser, miriam), Seat.signIn(browser, jonas)]);
  await Promise.all([one.openRoom(room), other.openRoom(room)]);
  const mistake = text('Das war ein Versehen.');
  await one.send(mistake);
  await expect(other.message(mistake)).toBeVisible();
  await one.chooseFor(one.message(mistake), 'Löschen');
  await one.page.getByRole('alertdialog').getByRole('button', { name: 'Nachricht löschen' }).click();
  for (const seat of [one, other]) {
    await expect(seat.page.getByRole('article').last()).toContainText('Nachricht gelöscht');
    await expect(seat.message(mistake)).toHaveCount(0);
  }
  await Promise.all([one.close(), other.close()]);
});

test('a police officer posts in a police room, and a colleague reads it', async ({ browser }) => {
  const [one, other] = await Promise.all([Seat.signIn(browser, lars), Seat.signIn(browser, svenja)]);
  await Promise.all([one.openRoom('Dienstgruppe B'), other.openRoom('Dienstgruppe B')]);
  const report = text('Fahrzeug 14/26 steht bereit.');
  await one.send(report);
  await expect(other.message(report)).toBeVisible();
  await Promise.all([one.close(), other.close()]);
});

test('what the homeserver stores of a message is not its text', async ({ browser }) => {
  const [one, other] = await Promise.all([Seat.signIn(browser, miriam), Seat.signIn(browser, jonas)]);
  await Promise.all([one.openRoom(room), other.openRoom(room)]);
  const secret = text('Nur für die Mitglieder.');
  await one.send(secret);
  // Read by somebody else, it has been at the homeserver.
  await expect(other.message(secret)).toBeVisible();
  const session = await signIn(miriam.homeserverUrl, miriam.person.userId, miriam.person.password);
  const roomId = roomIdSchema.parse(decodeURIComponent(new URL(one.page.url()).hash.split('/').at(-1) ?? ''));
  const stored = JSON.stringify(await readMessages(session, roomId));
  expect(stored).toContain('m.megolm.v1.aes-sha2');
  expect(stored).not.toContain(secret);
  await signOut(session);
  await Promise.all([one.close(), other.close()]);
});

test('the open room is there again after every reload', async ({ browser }) => {
  const seat = await Seat.signIn(browser, miriam);
  await seat.openRoom(room);
  const note = text('Bleibt nach dem Neuladen.');
  await seat.send(note);
  for (const words of ['eins', 'zwei', 'drei']) {
    await seat.page.reload();
    await expect(seat.message(note)).toBeVisible();
    // Writing needs the engine, so the next reload ends a session that was taken up.
    const answer = text(words);
    await seat.send(answer);
    await expect(seat.message(answer)).toBeVisible();
  }
  await seat.close();
});

test('signing out ends the session on the server and forgets it on the device', async ({ browser }) => {
  const seat = await Seat.signIn(browser, svenja);
  await seat.signOut();
  await seat.page.reload();
  await expect(seat.page.getByLabel('Dienstkennung')).toBeVisible();
  await seat.close();
});

test('what is written before the device is set up says what to do, and leaves by itself afterwards', async ({
  browser,
}) => {
  const [writer, reader] = await Promise.all([
    Seat.in(await browser.newContext({ locale: 'de-DE' })),
    Seat.signIn(browser, jonas),
  ]);
  await writer.page.goto(miriam.clientUrl);
  await writer.fillSignIn(miriam.person);
  await writer.submitSignIn();
  await writer.postpone();
  await Promise.all([writer.openRoom(room), reader.openRoom(room)]);
  const early = text('Ich bin schon da.');
  await writer.send(early);
  const action = writer.page.getByRole('button', { name: 'Jetzt einrichten' }).last();
  await expect(writer.page.getByText(/zuerst dieses Gerät einrichten/).last()).toBeVisible();
  await action.click();
  await writer.secure(miriam.person);
  await expect(reader.message(early)).toBeVisible();
  await Promise.all([writer.close(), reader.close()]);
});

test('the menu of a message that is still on its way offers all that can be done once it is sent', async ({
  browser,
}) => {
  const seat = await Seat.signIn(browser, miriam);
  await seat.openRoom(room);
  const fresh = text('Der Wegeplan kommt gleich.');
  await seat.send(fresh);
  await seat.message(fresh).click({ button: 'right' });
  await seat.page.getByRole('menuitem', { name: 'Löschen' }).click();
  await expect(seat.page.getByRole('alertdialog').getByText(fresh)).toBeVisible();
  await seat.close();
});

test('a link into the client is followed in the same tab', async ({ browser }) => {
  const seat = await Seat.signIn(browser, miriam);
  await seat.openRoom('Haushaltsaufstellung 2027');
  const link = seat.page.url();
  await seat.openRoom(room);
  await seat.send(link);
  await seat.page.getByRole('article').last().getByRole('link').click();
  await expect(seat.page.getByRole('main').getByRole('heading', { name: 'Haushaltsaufstellung 2027' })).toBeVisible();
  expect(seat.page.context().pages()).toHaveLength(1);
  await seat.close();
});
