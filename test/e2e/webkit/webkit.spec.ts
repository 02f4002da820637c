/** The journey of a day (journey.spec.ts) in WebKit, with a colleague at Chromium. */
import { chromium, expect, test, type Browser } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { chromiumArguments, chromiumPath } from '../../harness/chromium.ts';
import { Seat } from '../seat.ts';
import { visitor } from '../stack.ts';
import { startWebKit, type WebKit } from './webkit.ts';
import { WebKitSeat } from './webkit-seat.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');
const room = 'Hochwasserschutz Eder 2027';

let elsewhere: Browser;
let webKit: WebKit;

test.beforeAll(async () => {
  [elsewhere, webKit] = await Promise.all([
    chromium.launch({ executablePath: await chromiumPath(), args: chromiumArguments }),
    startWebKit(),
  ]);
});
test.afterAll(async () => {
  await Promise.all([elsewhere.close(), webKit.close()]);
});

function text(words: string): string {
  return `${words} ${randomUUID().slice(0, 8)}`;
}

test('a day in WebKit: sign in, read, write, a picture, a reply, a second tab, reload, sign out', async () => {
  const own = new WebKitSeat(webKit.driver);
  await own.open(miriam.clientUrl);
  // WebKitGTK, unlike Safari, cannot store keys.
  await own.reads('Dieser Browser bewahrt hier nichts auf');
  await own.signIn(miriam.person);
  const colleague = await Seat.signIn(elsewhere, jonas);
  await Promise.all([own.openRoom(room), colleague.openRoom(room)]);

  const question = text('Wann ist die Begehung?');
  await colleague.send(question);
  await own.sees(question);
  const answer = text('Am Mittwoch um neun.');
  await own.answer(question, answer);
  await expect(colleague.message(answer)).toContainText(question);

  const picture = `Pegel-${randomUUID().slice(0, 8)}.png`;
  await colleague.sendPicture(picture);
  await own.seesPicture(picture);
  const path = test.info().outputPath(`Deich-${randomUUID().slice(0, 8)}.png`);
  await writeFile(path, await colleague.page.screenshot({ clip: { x: 0, y: 0, width: 240, height: 160 } }));
  await own.sendPicture(path);
  await colleague.seesPicture(path.split('/').at(-1) ?? '');

  await own.anotherTab();
  await own.sees(answer);
  await own.reload();
  await own.sees(answer);
  const afterReload = text('Nach dem Neuladen.');
  await own.send(afterReload);
  await expect(colleague.message(afterReload)).toBeVisible();

  await own.signOut();
  await own.firstTab();
  await own.seesSignIn();
  await colleague.close();
});
