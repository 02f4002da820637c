import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { Seat } from '../e2e/seat.ts';
import { visitor } from '../e2e/stack.ts';
import { expiredToken, type SeenRequest } from '../harness/cutting-proxy/faults.ts';
import { takeCutSeat, type CutSeat } from './cut-seat.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');
const room = 'Hochwasserschutz Eder 2027';

const isRefresh = ({ path }: SeenRequest): boolean => path.endsWith('/v3/refresh');

let cut: CutSeat;
let other: Seat;
let tabs: readonly Seat[];

test.beforeEach(async ({ browser }) => {
  [cut, other] = await Promise.all([takeCutSeat(miriam), Seat.signIn(browser, jonas)]);
  await Promise.all([cut.seat.openRoom(room), other.openRoom(room)]);
  const further = await Promise.all([cut.seat.openTab(), cut.seat.openTab()]);
  tabs = [cut.seat, ...further];
});

test.afterEach(() => Promise.all([cut.close(), other.close()]));

async function eachTabSends(senders: readonly Seat[]): Promise<void> {
  for (const tab of senders) {
    const message = `Aus jedem Tab ${randomUUID()}`;
    await tab.send(message);
    await expect(other.message(message)).toHaveCount(1);
    for (const shown of senders) await expect(shown.message(message)).toHaveCount(1);
  }
}

test('three tabs renew a token that has run out once, also when the answer is lost the first time', async () => {
  cut.proxy.inject({ fault: { kind: 'lose-answer' }, matches: isRefresh, times: 1 });
  const before = cut.proxy.requests.filter(isRefresh).length;
  const refreshed = (): number => cut.proxy.requests.filter(isRefresh).length - before;
  cut.proxy.inject({ fault: expiredToken, matches: (request) => !isRefresh(request) && refreshed() < 2 });
  await eachTabSends(tabs);
  expect(refreshed()).toBeGreaterThanOrEqual(2);
  expect(refreshed(), 'not one for each request').toBeLessThanOrEqual(4);
  for (const tab of tabs) await expect(tab.list).toBeVisible();
});

test('when the tab that began the engine crashes, the others go on and lose no draft', async () => {
  const [first, second, third] = tabs;
  if (!first || !second || !third) throw new Error('three tabs were opened');
  await second.write('Entwurf');
  await first.crash();
  await expect(second.page.getByRole('textbox', { name: /^Nachricht an / })).toHaveValue('Entwurf');
  await eachTabSends([second, third]);
});
