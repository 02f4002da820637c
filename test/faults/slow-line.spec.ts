/** A line of 64 kbit/s that takes 0.8 s for a question and loses every fifth (F18). */
import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { Seat } from '../e2e/seat.ts';
import { visitor } from '../e2e/stack.ts';
import type { Fault, SeenRequest } from '../harness/cutting-proxy/faults.ts';
import { takeCutSeat } from './cut-seat.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');
const room = 'Hochwasserschutz Eder 2027';
const latencyMs = 800;
const slow: Fault = { kind: 'slow', milliseconds: latencyMs, bytesPerSecond: 8_000 };

const isSync = ({ path }: SeenRequest): boolean => path.includes('simplified_msc3575/sync');

test('on a slow line that loses requests one reads and types at once, and the homeserver is not asked without end', async ({
  browser,
}) => {
  const [cut, other] = await Promise.all([takeCutSeat(miriam), Seat.signIn(browser, jonas)]);
  const { seat, proxy } = cut;
  await Promise.all([seat.openRoom(room), other.openRoom(room)]);
  const known = `Vorher ${randomUUID()}`;
  await other.send(known);
  await expect(seat.message(known)).toBeVisible();
  // Until the page has this state for its next start, and the files of the client are kept.
  await expect(async () => {
    await seat.page.reload();
    await expect(seat.message(known)).toBeVisible({ timeout: 2_000 });
  }).toPass();

  let asked = 0;
  proxy.inject({ fault: { kind: 'refuse' }, matches: () => (asked += 1) % 5 === 0 });
  proxy.inject({ fault: slow, matches: () => true });
  proxy.cutAll();
  const before = proxy.requests.length;
  const begunAt = performance.now();
  await seat.page.reload();
  await expect(seat.message(known)).toBeVisible({ timeout: 10_000 });
  const sent = `Auf langsamer Leitung ${randomUUID()}`;
  const field = seat.page.getByRole('textbox', { name: /^Nachricht an / });
  await field.pressSequentially(sent);
  await expect(field).toHaveValue(sent, { timeout: 1_000 });
  await field.press('Enter');
  await expect(seat.message(sent)).toBeVisible({ timeout: 1_000 });
  const [forth, back] = [other.message(sent), `Antwort ${randomUUID()}`];
  await expect(forth).toHaveCount(1, { timeout: 60_000 });
  await other.send(back);
  await expect(seat.message(back)).toBeVisible({ timeout: 60_000 });
  await expect(seat.message(sent)).toHaveCount(1);
  // Each of the two connections waits for an answer before it asks again.
  const tookMs = performance.now() - begunAt;
  const syncs = proxy.requests.slice(before).filter(isSync).length;
  expect(syncs).toBeLessThanOrEqual(2 * (tookMs / latencyMs + 1));
  await Promise.all([cut.close(), other.close()]);
});
