/** What anybody does on a day, from signing in to signing out, in one go: for browsers that do not run everything. */
import { chromium, expect, test, type Browser } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { chromiumArguments, chromiumPath } from '../harness/chromium.ts';
import { Seat } from './seat.ts';
import { visitor } from './stack.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');
const room = 'Hochwasserschutz Eder 2027';

/** The other person's browser, the same in every project, so that two kinds of browsers understand each other. */
let elsewhere: Browser;

test.beforeAll(async () => {
  elsewhere = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArguments });
});
test.afterAll(() => elsewhere.close());

function text(words: string): string {
  return `${words} ${randomUUID().slice(0, 8)}`;
}

test('a day: sign in, read, write, a picture, a reply, reload, a second tab, one closed, sign out', async ({
  browser,
}) => {
  const [own, colleague] = [await Seat.signIn(browser, miriam), await Seat.signIn(elsewhere, jonas)];
  await Promise.all([own.openRoom(room), colleague.openRoom(room)]);

  const question = text('Wann ist die Begehung?');
  await colleague.send(question);
  await expect(own.message(question)).toBeVisible();

  const answer = text('Am Mittwoch um neun.');
  await own.answer(question, answer);
  await expect(colleague.message(answer)).toContainText(question);

  const picture = `Pegel-${randomUUID().slice(0, 8)}.png`;
  await own.sendPicture(picture);
  for (const seat of [own, colleague]) await seat.seesPicture(picture);

  await own.page.reload();
  for (const words of [question, answer]) await expect(own.message(words).last()).toBeVisible();
  await own.seesPicture(picture);
  const afterReload = text('Nach dem Neuladen.');
  await own.send(afterReload);
  await expect(colleague.message(afterReload)).toBeVisible();

  const second = await own.anotherTab();
  await second.openRoom(room);
  await expect(second.message(afterReload)).toBeVisible();
  const inSecond = text('Aus dem zweiten Fenster.');
  await second.send(inSecond);
  for (const seat of [own, colleague]) await expect(seat.message(inSecond)).toBeVisible();

  // The first tab may be the one that the others go through.
  await own.page.close();
  const alone = text('Nur noch ein Fenster.');
  await second.send(alone);
  await expect(colleague.message(alone)).toBeVisible();
  const last = text('Bis dann.');
  await colleague.send(last);
  await expect(second.message(last)).toBeVisible();

  const third = await second.anotherTab();
  await expect(third.list).toBeVisible();
  await second.signOut();
  await expect(third.page.getByLabel('Dienstkennung')).toBeVisible();
  expect([...own.violations, ...second.violations, ...third.violations]).toEqual([]);
  await Promise.all([second.close(), colleague.close()]);
});
