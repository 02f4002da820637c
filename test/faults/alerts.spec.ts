/** An alert is answered where there is no line to the appservice. The answer is kept, and arrives once. */
import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { alertAbove, desk, openReceipts, patrol, sendAlert } from '../e2e/alert-acts.ts';
import { Seat } from '../e2e/seat.ts';
import { openCutLine } from '../harness/cutting-proxy/cut-line.ts';
import type { SeenRequest } from '../harness/cutting-proxy/faults.ts';

const isReceipt = ({ method, path }: SeenRequest): boolean => method === 'POST' && path.includes('/receipts');

test('an acknowledgement without a line outlives a reload, arrives once with the time of the tap, reaches the other device, and goes with the alert', async ({
  browser,
}) => {
  const line = await openCutLine(patrol.appserviceUrl);
  const sender = await Seat.signIn(browser, desk);
  const [car, station] = await Promise.all([Seat.signIn(line.browser, patrol), Seat.signIn(browser, patrol)]);
  const reference = `F-${randomUUID().slice(0, 8)}`;
  await sendAlert(sender, reference);
  const [inCar, atStation] = [alertAbove(car, reference), alertAbove(station, reference)];
  await expect(inCar).toBeVisible();
  await expect(atStation.getByRole('button', { name: 'Zur Kenntnis genommen' })).toBeVisible();
  const receipts = await openReceipts(sender.page.url());
  await expect.poll(async () => (await receipts.ofPatrol()).length).toBe(4);
  const acknowledged = async () => (await receipts.ofPatrol()).filter(({ kind }) => kind === 'acknowledged');
  const tried = (): number => line.proxy.requests.filter(isReceipt).length;

  const mend = line.proxy.inject({ fault: { kind: 'refuse' }, matches: () => true });
  const before = Date.now();
  await inCar.getByRole('button', { name: 'Zur Kenntnis genommen' }).click();
  await expect(inCar.getByRole('button', { name: 'Rückgängig' })).toBeVisible();
  const after = Date.now();
  await car.page.reload();
  await expect(inCar.getByRole('button', { name: 'Rückgängig' })).toBeVisible();
  expect(await acknowledged()).toEqual([]);
  await expect(atStation.getByRole('button', { name: 'Zur Kenntnis genommen' })).toBeVisible();

  line.proxy.inject({ fault: { kind: 'lose-answer' }, matches: isReceipt, times: 1 });
  const triedBefore = tried();
  mend();
  await expect(atStation.getByRole('button', { name: 'Rückgängig' })).toBeVisible({ timeout: 30_000 });
  // The device did not hear of the first one.
  expect(tried() - triedBefore).toBeGreaterThanOrEqual(2);
  const [receipt, ...others] = await acknowledged();
  expect(others).toEqual([]);
  expect(receipt?.at).toBeGreaterThanOrEqual(before);
  expect(receipt?.at).toBeLessThanOrEqual(after);

  await receipts.deleteAlert();
  await expect(atStation).toHaveCount(0);
  // The appservice has heard of it, and keeps nothing of what was said.
  await expect.poll(() => receipts.status()).toBe(404);
  await Promise.all([receipts.close(), sender.close(), station.close(), car.close()]);
  await line.close();
});
