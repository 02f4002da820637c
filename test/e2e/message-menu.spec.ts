import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { Seat } from './seat.ts';
import { visitor } from './stack.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');

test('what is chosen in the menu of a message happens: react, react with any emoji, reply, edit', async ({
  browser,
}) => {
  const seat = await Seat.signIn(browser, miriam);
  await seat.openRoom('Hochwasserschutz Eder 2027');
  const text = `Begehung am Mittwoch ${randomUUID().slice(0, 8)}`;
  await seat.send(text);
  const message = seat.message(text).first();
  await expect(message).toContainText('Gesendet');

  await seat.chooseFor(message, 'Mit 👍 reagieren');
  await expect(seat.reaction('👍').last()).toBeVisible();
  await seat.chooseFor(message, 'Weitere Emojis');
  await seat.page.getByRole('dialog').getByRole('textbox').fill('Hundegesicht');
  await seat.page.getByRole('dialog').getByRole('button', { name: 'Hundegesicht' }).click();
  await expect(seat.reaction('🐶').last()).toBeVisible();

  const reply = `Ich bin dabei ${randomUUID().slice(0, 8)}`;
  await seat.chooseFor(message, 'Antworten');
  await seat.send(reply);
  await expect(seat.message(reply)).toContainText(text);
  await expect(seat.message(reply)).toContainText('Gesendet');

  await seat.chooseFor(seat.message(reply), 'Bearbeiten');
  await seat.send(`${reply}, um neun`);
  await expect(seat.message(`${reply}, um neun`)).toContainText('bearbeitet');
  await seat.close();
});
