import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { Seat } from '../e2e/seat.ts';
import { visitor } from '../e2e/stack.ts';
import { readHostileTexts } from '../harness/hostile-text/hostile-texts.ts';
import { sendPatiently } from '../harness/matrix/many-messages.ts';
import { roomNamed, sessionOf } from './cut-seat.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');
const room = 'Hochwasserschutz Eder 2027';

test('hostile texts and markup in messages run nothing and load nothing', async ({ browser }) => {
  const session = await sessionOf(jonas);
  const roomId = await roomNamed(session, room);
  const seat = await Seat.signIn(browser, miriam);
  const foreign: string[] = [];
  seat.page.on('request', (request) => {
    if (new URL(request.url()).hostname === 'x.test') foreign.push(request.url());
  });
  await seat.openRoom(room);
  const end = `Ende ${randomUUID()}`;
  const hostile = (await readHostileTexts()).map(({ text }) => ({
    body: text,
    format: 'org.matrix.custom.html',
    formatted_body: text,
  }));
  await sendPatiently(session, roomId, [...hostile, { body: end }]);
  await expect(seat.message(end)).toBeVisible();
  expect(await seat.page.evaluate('globalThis.landboteAlarm')).toBeUndefined();
  expect(foreign).toEqual([]);
  expect(seat.violations).toEqual([]);
  await expect(seat.message('<img src=x onerror=globalThis.landboteAlarm=1>').first()).toBeAttached();
  await seat.close();
});
