/** What is lost besides the connection: the token, or what the browser had stored. */
import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { Seat } from '../e2e/seat.ts';
import { visitor } from '../e2e/stack.ts';
import { expiredToken } from '../harness/cutting-proxy/faults.ts';
import { accepted } from '../harness/matrix/rooms.ts';
import { sessionOf, takeCutSeat } from './cut-seat.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');
const room = 'Hochwasserschutz Eder 2027';

test('after the token has run out for good, the same person finds draft, unsent message and messages again', async ({
  browser,
}) => {
  const [cut, other] = await Promise.all([takeCutSeat(miriam), Seat.signIn(browser, jonas)]);
  const { seat, proxy } = cut;
  await Promise.all([seat.openRoom(room), other.openRoom(room)]);
  const known = `Vorher ${randomUUID()}`;
  await other.send(known);
  await expect(seat.message(known)).toBeVisible();
  const lift = proxy.inject({ fault: { kind: 'refuse' }, matches: () => true });
  const unsent = `Ungesendet ${randomUUID()}`;
  await seat.send(unsent);
  await seat.write('Entwurf');
  const liftAll = proxy.inject({ fault: expiredToken, matches: () => true });
  lift();
  await expect(seat.page.getByText('Dieses Gerät wurde vom Server abgemeldet.')).toBeVisible();
  liftAll();

  await seat.fillSignIn(miriam.person);
  await seat.submitSignIn();
  // The device is the same, with all its keys: nothing has to be confirmed.
  await seat.openRoom(room);
  await expect(seat.page.getByRole('textbox', { name: /^Nachricht an / })).toHaveValue('Entwurf');
  await expect(seat.message(known)).toBeVisible();
  await expect(other.message(unsent)).toHaveCount(1);
  await Promise.all([cut.close(), other.close()]);
});

const devicesSchema = z.object({ devices: z.array(z.object({ device_id: z.string() })) });
const keysSchema = z.object({
  device_keys: z.record(z.string(), z.record(z.string(), z.object({ keys: z.object({}) }))),
});

/** How Synapse names devices at sign-in; the dehydrated one is called after its key. */
const namedBySynapse = /^[A-Z]{10}$/;

/** Devices of the person, and those of them that have keys. */
async function devicesOf(): Promise<{ all: readonly string[]; withKeys: readonly string[] }> {
  const session = await sessionOf(miriam);
  const { userId } = miriam.person;
  const { devices } = devicesSchema.parse(accepted(await session.request('GET', '/v3/devices')));
  const answer = await session.request('POST', '/v3/keys/query', { device_keys: { [userId]: [] } });
  const { device_keys: keys } = keysSchema.parse(accepted(answer));
  await session.request('POST', '/v3/logout', {});
  const withKeys = Object.keys(keys[userId] ?? {}).filter((id) => namedBySynapse.test(id));
  return { all: devices.map(({ device_id: id }) => id), withKeys };
}

test('a browser that has lost its databases says so, becomes a new device, and the old one is taken off', async ({
  browser,
}) => {
  const before = await devicesOf();
  const [seat, other] = [await Seat.signIn(browser, miriam), await Seat.signIn(browser, jonas)];
  await Promise.all([seat.openRoom(room), other.openRoom(room)]);
  const known = `Vorher ${randomUUID()}`;
  await other.send(known);
  await expect(seat.message(known)).toBeVisible();
  const lost = (await devicesOf()).withKeys.find((id) => !before.withKeys.includes(id)) ?? 'none';
  // No page of the client is open: its worker ends, and the browser may tidy up.
  await seat.page.goto(`${miriam.clientUrl}/live`);
  const chromium = await seat.page.context().newCDPSession(seat.page);
  const { origin } = new URL(miriam.clientUrl);
  await chromium.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
  await seat.page.goto(miriam.clientUrl);

  await expect(seat.page.getByText('Der Browser hat alles gelöscht')).toBeVisible();
  await seat.fillSignIn(miriam.person);
  await seat.submitSignIn();
  await seat.secure(miriam.person);
  await seat.openRoom(room);
  await expect(seat.message(known)).toBeVisible();
  const sent = `Nachher ${randomUUID()}`;
  await seat.send(sent);
  await expect(other.message(sent)).toHaveCount(1);
  await expect.poll(async () => (await devicesOf()).all).not.toContain(lost);
  const after = await devicesOf();
  const made = after.withKeys.filter((id) => !before.withKeys.includes(id));
  expect(made, 'a new device with its keys').toHaveLength(1);
  expect(made).not.toContain(lost);
  await Promise.all([seat.close(), other.close()]);
});
