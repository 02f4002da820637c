import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type BrowserContext } from '@playwright/test';
import { Seat } from '../e2e/seat.ts';
import { visitor } from '../e2e/stack.ts';
import { openKeptBrowser } from '../harness/cutting-proxy/cut-line.ts';
import { startCuttingProxy, type CuttingProxy } from '../harness/cutting-proxy/cutting-proxy.ts';
import { numbered, sendPatiently, toldMessages } from '../harness/matrix/many-messages.ts';
import { isSending, roomNamed, sessionOf } from './cut-seat.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');
const room = 'Hochwasserschutz Eder 2027';
const count = 15;

let profile: string;
let proxy: CuttingProxy;
let context: BrowserContext;

test.beforeEach(async () => {
  profile = await mkdtemp(join(tmpdir(), 'landbote-profile-'));
  proxy = await startCuttingProxy(miriam.homeserverUrl);
  context = await openKeptBrowser(profile, miriam.homeserverUrl, proxy);
});

test.afterEach(async () => {
  await context.close();
  await proxy.close();
  await rm(profile, { recursive: true, force: true });
});

async function crash(): Promise<void> {
  const session = await context.browser()?.newBrowserCDPSession();
  const closed = context.waitForEvent('close');
  void session?.send('Browser.crash').catch(() => undefined);
  await closed;
}

test('a browser that crashes while the homeserver is away sends all that was written, once and in order', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const other = await Seat.signIn(browser, jonas);
  await other.openRoom(room);
  const seat = await Seat.in(context);
  await seat.page.goto(miriam.clientUrl);
  await seat.fillSignIn(miriam.person);
  await seat.submitSignIn();
  await seat.secure(miriam.person);
  await seat.openRoom(room);
  const address = seat.page.url();

  const lift = proxy.inject({ fault: { kind: 'refuse' }, matches: () => true });
  proxy.cutAll();
  await expect(seat.page.getByText('Keine Verbindung')).toBeVisible();
  const written = ['Erstens', 'Zweitens', 'Drittens'].map((words) => `${words} ${randomUUID()}`);
  for (const message of written) {
    await seat.send(message);
    await expect(seat.mark(message, 'Wird gesendet')).toBeAttached();
  }
  await expect(seat.page.getByText(/Nachrichten warten/)).toBeVisible();
  await crash();

  const session = await sessionOf(jonas);
  const roomId = await roomNamed(session, room);
  const series = `Meldung ${randomUUID().slice(0, 8)}`;
  await sendPatiently(session, roomId, numbered(series, count));
  const told = await toldMessages(session, roomId, series);

  context = await openKeptBrowser(profile, miriam.homeserverUrl, proxy);
  const again = await Seat.in(context);
  await again.page.goto(address);
  for (const message of written) await expect(again.mark(message, 'Wird gesendet')).toBeAttached();
  const before = proxy.requests.length;
  lift();
  for (const message of written) {
    await expect(other.message(message)).toHaveCount(1);
    await expect(again.mark(message, 'Gesendet')).toBeAttached();
  }
  for (const message of told) await expect(again.message(message)).toHaveCount(1);
  const shown = await other.page.getByRole('article').allInnerTexts();
  const order = written.map((message) => shown.findIndex((text) => text.includes(message)));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  const sent = proxy.requests.slice(before).filter(isSending);
  expect(new Set(sent.map(({ path }) => path)).size).toBe(written.length);
  await other.close();
});
