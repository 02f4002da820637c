/** A device with no room left (F9): nothing is lost, the person is told, and it goes on when there is room. */
import { randomUUID } from 'node:crypto';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { Seat } from '../e2e/seat.ts';
import { visitor } from '../e2e/stack.ts';
import { fillStorage, limitStorage, makeRoom } from './ballast.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');
const room = 'Hochwasserschutz Eder 2027';
/** The client's own files take a quarter of it. */
const storageBytes = 40_000_000;
const said = 'Der Speicher dieses Geräts ist voll.';

let context: BrowserContext;
/** A page of the same origin: what it stores, the client has no room for. */
let ballast: Page;

test.beforeEach(async ({ browser }) => {
  context = await browser.newContext({ locale: 'de-DE' });
  ballast = await context.newPage();
  await ballast.goto(`${miriam.clientUrl}/live`);
  await limitStorage(ballast, storageBytes);
});

test.afterEach(async () => {
  await context.close();
});

async function takeSeat(): Promise<Seat> {
  const seat = await Seat.in(context);
  await seat.page.goto(miriam.clientUrl);
  await seat.fillSignIn(miriam.person);
  await seat.submitSignIn();
  await seat.secure(miriam.person);
  await seat.openRoom(room);
  return seat;
}

test('a full device loses neither the keys that come nor what is written, says so, and goes on when there is room', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const seat = await takeSeat();
  const other = await Seat.signIn(browser, jonas);
  await other.openRoom(room);
  const known = `Noch Platz ${randomUUID()}`;
  await other.send(known);
  await expect(seat.message(known)).toBeVisible();

  await fillStorage(ballast);
  // Somebody with a new device, and so with a key that has to be stored.
  const third = await Seat.signIn(browser, jonas);
  await third.openRoom(room);
  const withNewKey = `Neuer Schlüssel ${randomUUID()}`;
  await third.send(withNewKey);
  await expect(seat.page.getByText(said)).toBeVisible();
  const written = `Geschrieben ${randomUUID()}`;
  await seat.send(written);
  const waits = seat.page.getByText('Wartet auf freien Speicher');
  await expect(waits).toBeVisible();
  const shown = await seat.page.getByRole('article').count();
  const meanwhile = `Inzwischen ${randomUUID()}`;
  await other.send(meanwhile);
  // What comes in, readable or not, proves that the engine has had its try at what was written before.
  await expect.poll(() => seat.page.getByRole('article').count()).toBeGreaterThan(shown);
  await expect(waits).toBeVisible();
  await expect(seat.message(withNewKey)).toHaveCount(0);

  await makeRoom(ballast);
  await expect(seat.message(withNewKey)).toBeVisible();
  await expect(other.message(written)).toHaveCount(1);
  await expect(seat.mark(written, 'Gesendet')).toBeAttached();
  await expect(seat.page.getByText(said)).toBeHidden();
  await seat.page.reload();
  for (const message of [known, withNewKey, meanwhile, written]) {
    await expect(seat.message(message)).toHaveCount(1);
  }
  await Promise.all([third.close(), other.close()]);
});

test('a device that is full from the start says so, and lets in when there is room', async () => {
  await limitStorage(ballast, 1);
  const seat = await Seat.in(context);
  await seat.page.goto(miriam.clientUrl);
  await expect(seat.page.getByText(said)).toBeVisible();
  await limitStorage(ballast, storageBytes);
  await seat.page.getByRole('button', { name: 'Erneut versuchen' }).click();
  await seat.fillSignIn(miriam.person);
  await seat.submitSignIn();
  await seat.secure(miriam.person);
  await expect(seat.list).toBeVisible();
});
