/**
 * A room of ministries and police, in the browsers of both: an own stack, because the reference organisation declares no
 * partner (docs/adr/0021-joint-rooms-by-agreement.md).
 */
import { expect, test, type Browser, type BrowserContextOptions } from '@playwright/test';
import { localpartOf, serverNameOf, type UserId } from '#contract/ids.ts';
import {
  agree,
  clerk,
  firstOfficer,
  landApprover,
  patrol,
  startTwoDomains,
  untilKeysAreConfirmed,
  type TwoDomains,
} from '../federation/agreements/two-domains.ts';
import { violationsOf } from './accessibility.ts';
import { Seat } from './seat.ts';
import { visitorIn } from './visitor.ts';

const desktop = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 320, height: 640 } };

let domains: TwoDomains;
test.beforeAll(async () => {
  test.setTimeout(400_000);
  domains = await startTwoDomains();
  await untilKeysAreConfirmed(domains, [landApprover, firstOfficer]);
});
test.afterAll(() => domains.stop());

function seatOf(browser: Browser, person: UserId, device: BrowserContextOptions): Promise<Seat> {
  const visitor = visitorIn(domains.stack.file, serverNameOf(person), localpartOf(person));
  return Seat.signIn(browser, visitor, { reducedMotion: 'reduce', ...device });
}

test('both sides see who reads along, beside the send button too', async ({ browser }) => {
  await agree(domains, { name: 'Wer liest mit' });
  const sides = [
    { own: 'Land Hessen', other: 'Polizei Hessen', seat: await seatOf(browser, clerk, desktop), way: 'Wer ist das?' },
    {
      own: 'Polizei Hessen',
      other: 'Land Hessen',
      seat: await seatOf(browser, patrol, phone),
      way: 'Über diesen Raum',
    },
  ];
  for (const { own, other, seat, way } of sides) {
    const { page } = seat;
    await seat.openRoom('Wer liest mit');
    const banner = page.getByRole('region', { name: `${other} liest mit.` });
    await expect(banner).toContainText(`${own}: 1 Person, ${other}: 1 Person.`);
    await expect(page.getByRole('textbox', { name: 'Nachricht an Wer liest mit' })).toHaveAccessibleDescription(
      new RegExp(`^${other} liest mit.`),
    );
    const send = page.getByRole('button', { name: `An ${own} und ${other} senden` });
    await expect(send).toBeDisabled();
    await seat.write('Räumung bis 10:30 Uhr');
    await expect(send).toBeInViewport({ ratio: 1 });
    await send.click();
    await expect(seat.message('Räumung bis 10:30 Uhr').first()).toBeVisible();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: way }).click();
    const details = page.getByRole('complementary', { name: 'Über diesen Raum' });
    await expect(details).toContainText(`${own}: 1 Person, ${other}: 1 Person.`);
    await expect(details.getByRole('group').first()).toContainText(other);
    expect(await violationsOf(page)).toEqual([]);
    await seat.close();
  }
});

test('a room of the own side alone says so', async ({ browser }) => {
  const seat = await seatOf(browser, clerk, desktop);
  await seat.openRoom('Lage');
  await expect(seat.page.getByRole('main').getByText('Nur Land Hessen').filter({ visible: true })).toHaveCount(1);
  await expect(seat.page.getByRole('button', { name: 'Senden', exact: true })).toBeVisible();
  await expect(seat.page.getByText('Polizei Hessen')).toHaveCount(0);
  await seat.close();
});
