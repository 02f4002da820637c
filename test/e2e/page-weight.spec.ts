import { expect, test } from '@playwright/test';
import { watchCosts } from '../bench/client/page-costs.ts';
import { listIsShown } from '../bench/client/page-clock.ts';
import { Seat } from './seat.ts';
import { visitor } from './stack.ts';

const mostKilobytes = 80;

test('scripts and styles that the page loads before the list is there weigh 80 KB at most', async ({ browser }) => {
  const { person, clientUrl } = visitor('land.hessen.test', 'miriam.sauer');
  const seat = await Seat.in(await browser.newContext({ locale: 'de-DE' }));
  const costs = await watchCosts(seat.page);
  await seat.page.goto(clientUrl);
  await seat.fillSignIn(person);
  const weighed = costs.kilobytesUntil(listIsShown);
  await seat.submitSignIn();
  const kilobytes = await weighed;
  // Proves that something was weighed.
  expect(kilobytes).toBeGreaterThan(20);
  expect(kilobytes).toBeLessThanOrEqual(mostKilobytes);
});
