/** Texts that would run or load something, wherever others or the person can put text: shown as what they are. */
import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { Seat } from '../e2e/seat.ts';
import { noticesOf, setSight, system } from '../e2e/shown-notices.ts';
import { visitor } from '../e2e/stack.ts';
import { openCutLine, type CutLine } from '../harness/cutting-proxy/cut-line.ts';
import type { SeenRequest } from '../harness/cutting-proxy/faults.ts';
import { Disguises } from '../harness/hostile-text/disguises.ts';
import { readHostileTexts } from '../harness/hostile-text/hostile-texts.ts';
import { sendPatiently } from '../harness/matrix/many-messages.ts';
import { roomNamed, sessionOf } from './cut-seat.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');
const room = 'Hochwasserschutz Eder 2027';
const texts = (await readHostileTexts()).map(({ text }) => text);
const image = '<img src=x onerror=globalThis.landboteAlarm=1>';

const isSync = ({ path }: SeenRequest): boolean => path.includes('simplified_msc3575/sync');

let line: CutLine;
let seat: Seat;
let disguises: Disguises;
/** What the page asked of where the hostile texts want to send it. */
let foreign: string[];

test.beforeAll(async () => {
  line = await openCutLine(miriam.homeserverUrl);
  disguises = new Disguises(texts, room);
  line.proxy.inject({ fault: { kind: 'rewrite', rewrite: (body) => disguises.rewrite(body) }, matches: isSync });
  seat = await Seat.signIn(line.browser, miriam, {}, system);
  foreign = watchForeign(seat);
});

test.afterAll(() => line.close());

function watchForeign({ page }: Seat): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).hostname === 'x.test') asked.push(request.url());
  });
  return asked;
}

async function expectHarmless(): Promise<void> {
  expect(await seat.page.evaluate('globalThis.landboteAlarm')).toBeUndefined();
  expect(foreign).toEqual([]);
  expect(seat.violations).toEqual([]);
}

test('the watch sees what a page without defence would let through', async () => {
  const tab = await seat.anotherTab();
  await tab.page.evaluate(`try { document.body.innerHTML = '<p>'; } catch {}`);
  await tab.page.evaluate(`document.body.append(Object.assign(new Image(), { src: 'https://x.test/' }))`);
  await expect.poll(() => tab.violations.length).toBe(2);
  await tab.page.close();
});

test('in messages and their markup', async () => {
  // The homeserver takes a message a second.
  test.setTimeout(240_000);
  const session = await sessionOf(jonas);
  const roomId = await roomNamed(session, room);
  await seat.openRoom(room);
  const end = `Ende ${randomUUID()}`;
  const hostile = texts.map((text) => ({ body: text, format: 'org.matrix.custom.html', formatted_body: text }));
  await sendPatiently(session, roomId, [...hostile, { body: end }]);
  await expect(seat.message(end)).toBeVisible();
  await expect(seat.message(image).first()).toBeAttached();
  await expectHarmless();
});

test('in names of rooms, people and files, in topics, and in what is searched for', async () => {
  test.setTimeout(240_000);
  const { page } = seat;
  const { all } = disguises;
  expect(all.flatMap(({ name, topic, file }) => [name, topic, file]).join(' ')).toContain(image);
  for (const { name, topic, file } of all) {
    await seat.filterList(name);
    await seat.list.getByRole('link').filter({ hasText: name }).first().click();
    await expect(page.getByRole('main').getByRole('heading').filter({ hasText: name })).toBeVisible();
    await expect(page.getByRole('article').last()).toContainText(savedAs(file));
    await page.getByRole('button', { name: 'Über diesen Raum' }).click();
    await expect(page.getByRole('definition').filter({ hasText: topic })).toBeVisible();
    await page.keyboard.press('Escape');
  }
  const [{ name } = { name: '' }] = all;
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Springen zu' }).fill(name);
  await expect(page.getByRole('option').filter({ hasText: name }).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await seat.searchPeople(image);
  await expect(page.getByText('Niemand gefunden')).toBeVisible();
  // The first one empties the field.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expectHarmless();
});

/** The beginning of the name, with any sign for those that file systems give a meaning to. */
function savedAs(file: string): RegExp {
  const words = file.slice(0, 60).split(/\s+/);
  return new RegExp(words.map((word) => word.replaceAll(/\W/g, '.')).join(String.raw`\s+`));
}

test('in what is typed and sent, and in notices of the system', async ({ browser }) => {
  const other = await Seat.signIn(browser, jonas);
  await seat.filterList('');
  await seat.page.getByRole('button', { name: 'Einstellungen' }).click();
  await seat.page.getByText('Mit Namen und Text').click();
  await seat.page.keyboard.press('Escape');
  await seat.startDirectChat('jonas reith', 'Jonas Reith');
  await other.openRoom('Miriam Sauer');
  const own = randomUUID();
  await seat.send(`${own} ${texts.slice(0, 12).join(' ')}`);
  await expect(other.message(own)).toContainText(texts[0] ?? '');
  await setSight(seat.page, 'hidden');
  const told = `${image} ${randomUUID()}`;
  await other.send(told);
  await expect.poll(async () => (await noticesOf(seat.page)).map(({ body }) => body)).toEqual([told]);
  await expectHarmless();
  await other.close();
});
