/** Texts that would run or load something, wherever others or the person can put text: shown as what they are. */
import { randomUUID } from 'node:crypto';
import { expect, test, type Browser } from '@playwright/test';
import { Seat } from '../e2e/seat.ts';
import { noticesOf, setSight, system } from '../e2e/shown-notices.ts';
import { visitor } from '../e2e/stack.ts';
import { readHostileTexts } from '../harness/hostile-text/hostile-texts.ts';
import { sendPatiently } from '../harness/matrix/many-messages.ts';
import { roomNamed, sessionOf } from './cut-seat.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');
const room = 'Hochwasserschutz Eder 2027';
/** As much as a person types in one go. */
const longestPack = 240;
const texts = (await readHostileTexts()).map(({ text }) => text);

const packs = packed(texts);

/** The texts together, in as few pieces as that. */
function packed(all: readonly string[]): readonly string[] {
  const pieces: string[] = [];
  for (const text of all) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + text.length < longestPack) pieces[pieces.length - 1] = `${last} ${text}`;
    else pieces.push(text);
  }
  return pieces;
}

let foreign: string[];

/** Watches what the hostile texts want to reach. */
async function signIn(browser: Browser, script?: string): Promise<Seat> {
  foreign = [];
  const seat = await Seat.signIn(browser, miriam, {}, script);
  seat.page.on('request', (request) => {
    if (new URL(request.url()).hostname === 'x.test') foreign.push(request.url());
  });
  return seat;
}

async function expectHarmless(seat: Seat): Promise<void> {
  expect(await seat.page.evaluate('globalThis.landboteAlarm')).toBeUndefined();
  expect(foreign).toEqual([]);
  expect(seat.violations).toEqual([]);
}

test('the watch sees what a page without defence would let through', async ({ browser }) => {
  const seat = await signIn(browser);
  await seat.page.evaluate(`try { document.body.innerHTML = '<p>'; } catch {}`);
  await seat.page.evaluate(`document.body.append(Object.assign(new Image(), { src: 'https://x.test/' }))`);
  await expect.poll(() => seat.violations.length).toBe(2);
  await seat.close();
});

test('in messages and their markup', async ({ browser }) => {
  // The homeserver takes a message a second.
  test.setTimeout(240_000);
  const session = await sessionOf(jonas);
  const roomId = await roomNamed(session, room);
  const seat = await signIn(browser);
  await seat.openRoom(room);
  const end = `Ende ${randomUUID()}`;
  const hostile = texts.map((text) => ({ body: text, format: 'org.matrix.custom.html', formatted_body: text }));
  await sendPatiently(session, roomId, [...hostile, { body: end }]);
  await expect(seat.message(end)).toBeVisible();
  await expect(seat.message('<img src=x onerror=globalThis.landboteAlarm=1>').first()).toBeAttached();
  await expectHarmless(seat);
  await seat.close();
});

/** Blanks count as one. */
const words = (text: string): RegExp =>
  new RegExp(
    text
      .split(/\s+/)
      .map((word) => word.replaceAll(/[^\w]/g, '.'))
      .join(String.raw`\s+`),
  );

test('in what is typed and sent, and in notices of the system', async ({ browser }) => {
  const [seat, other] = [await signIn(browser, system), await Seat.signIn(browser, jonas)];
  await seat.page.getByRole('button', { name: 'Einstellungen' }).click();
  await seat.page.getByText('Mit Namen und Text').click();
  await seat.page.keyboard.press('Escape');
  await seat.startDirectChat('jonas reith', 'Jonas Reith');
  await other.openRoom('Miriam Sauer');
  for (const pack of packs.slice(0, 3)) {
    const own = `${randomUUID()} ${pack}`;
    await seat.send(own);
    await expect(other.message(own.slice(0, 36))).toContainText(words(pack.slice(0, 20)));
  }
  await setSight(seat.page, 'hidden');
  const told = `<img src=x onerror=globalThis.landboteAlarm=1> ${randomUUID()}`;
  await other.send(told);
  await expect.poll(async () => (await noticesOf(seat.page)).map(({ body }) => body)).toEqual([told]);
  await expectHarmless(seat);
  await Promise.all([seat.close(), other.close()]);
});
