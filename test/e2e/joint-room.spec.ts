/**
 * A room of ministries and police, in the browsers of both: an own stack, because the reference organisation declares no
 * partner (docs/adr/0021-joint-rooms-by-agreement.md).
 */
import { expect, test, type Browser, type BrowserContextOptions } from '@playwright/test';
import { localpartOf, serverNameOf, type UserId } from '#contract/ids.ts';
import { readMessages, roomPath } from '#test/harness/matrix/rooms.ts';
import { testPorts } from '#test/harness/test-ports.ts';
import { agree, endBy, untilKeysAreConfirmed, untilTogether } from '../federation/agreements/agreeing.ts';
import { readDatabase, startTwoDomains, type TwoDomains } from '../federation/agreements/two-domains.ts';
import {
  clerk,
  firstOfficer,
  landApprover,
  otherPatrol,
  outsideClerk,
  patrol,
  police,
  secondOfficer,
} from '../federation/agreements/two-organisations.ts';
import { violationsOf } from './accessibility.ts';
import { Seat } from './seat.ts';
import { visitorIn } from './visitor.ts';

const desktop = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 320, height: 640 } };

// Several browsers sign in, and axe looks four times, while two homeservers and two appservices work.
test.describe.configure({ timeout: 300_000 });

let domains: TwoDomains;
test.beforeAll(async () => {
  test.setTimeout(400_000);
  domains = await startTwoDomains({ portBase: testPorts.twoDomainsOfBrowsers });
  await untilKeysAreConfirmed(domains, [landApprover, firstOfficer]);
});
test.afterAll(() => domains.stop());

/** What this sender has sent to devices of these people, and lies at the police's homeserver until they fetch it. */
function messagesWaitingFor(people: readonly UserId[], sender: UserId): readonly unknown[] {
  const query = `select distinct user_id, json_extract(message_json, '$.type') as type from device_inbox
    where json_extract(message_json, '$.sender') = ? and user_id in (${people.map(() => '?').join(', ')})`;
  return readDatabase(domains, police, query, sender, ...people);
}

/** Whose devices the police's homeserver has heard of from other homeservers, once for each device. */
function foreignDevicesAtPolice(): readonly unknown[] {
  return readDatabase(domains, police, 'select user_id from device_lists_remote_cache');
}

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
    await expect(banner).toContainText(/Der Raum endet (heute|morgen), \d\d:\d\d Uhr\./);
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
    await expect(details).toContainText(/Endet (heute|morgen), \d\d:\d\d Uhr/);
    await expect(details.getByRole('group').first()).toContainText(other);
    expect(await violationsOf(page)).toEqual([]);
    await seat.close();
  }
});

test('what either side writes the other reads; the homeservers carry ciphertext, and who does not belong gets no key', async ({
  browser,
}) => {
  const roomId = await untilTogether(domains, await agree(domains, { name: 'Pegel Eder' }), [clerk, patrol]);
  // Absent devices: whatever is sent to them stays at their homeserver.
  for (const person of [patrol, otherPatrol]) await (await seatOf(browser, person, desktop)).close();
  const [one, other] = [await seatOf(browser, clerk, desktop), await seatOf(browser, patrol, phone)];
  for (const seat of [one, other]) await seat.openRoom('Pegel Eder');
  await one.send('Pegel 3,20 Meter');
  await expect(other.message('Pegel 3,20 Meter')).toBeVisible();
  await other.send('B 251 gesperrt');
  await expect(one.message('B 251 gesperrt')).toBeVisible();
  await expect(one.page.getByRole('article', { name: /^Dirk Streife, Polizei Hessen,.*B 251/ })).toBeVisible();
  const messages = (await readMessages(await domains.matrix(clerk), roomId)).filter(({ type }) =>
    type.startsWith('m.room.encrypted'),
  );
  expect(messages.map(({ sender }) => sender)).toEqual([patrol, clerk]);
  expect(JSON.stringify(messages)).not.toMatch(/Pegel|B 251/);
  const waiting = messagesWaitingFor([patrol, otherPatrol], clerk);
  expect(waiting).toEqual([{ user_id: patrol, type: 'm.room.encrypted' }]);
  await Promise.all([one.close(), other.close()]);
});

test('the other side hears of the devices of members, and of nobody else’s', { tag: '@long' }, async ({ browser }) => {
  await untilTogether(domains, await agree(domains, { name: 'Geräte' }), [clerk, patrol]);
  // First the one of whom nothing must be heard: what comes later has arrived, so the first would have.
  await (await seatOf(browser, outsideClerk, desktop)).close();
  const known = foreignDevicesAtPolice().length;
  await (await seatOf(browser, clerk, desktop)).close();
  await expect.poll(() => foreignDevicesAtPolice().length).toBeGreaterThan(known);
  const people = foreignDevicesAtPolice();
  expect(people).toEqual(people.map(() => ({ user_id: clerk })));
});

test('who does not belong finds no room', { tag: '@long' }, async ({ browser }) => {
  const roomId = await untilTogether(domains, await agree(domains, { name: 'Verschlossen' }), [clerk, patrol]);
  const seat = await seatOf(browser, otherPatrol, desktop);
  await seat.page.goto(`${new URL(seat.page.url()).origin}/#/room/${roomId}`);
  await expect(seat.page.getByRole('heading', { name: 'Diesen Raum gibt es hier nicht' })).toBeVisible();
  await expect(seat.room('Mitteilungen PP')).toBeVisible();
  await expect(seat.room('Verschlossen')).toHaveCount(0);
  await seat.close();
});

test('when the agreement ends both sides are told so, and nobody can write any more', async ({ browser }) => {
  const agreed = await agree(domains, { name: 'Einsatz Waldeck' });
  const roomId = await untilTogether(domains, agreed, [clerk, patrol]);
  const seats = [await seatOf(browser, clerk, desktop), await seatOf(browser, patrol, phone)];
  for (const seat of seats) {
    await seat.openRoom('Einsatz Waldeck');
    await seat.write('Noch nicht abgeschickt');
  }
  await endBy(domains, secondOfficer, agreed);
  for (const seat of seats) {
    await expect(seat.page.getByRole('heading', { name: 'Einsatz Waldeck ist beendet' })).toBeVisible();
    await expect(seat.page.getByText('bleibt auf den Servern beider Seiten')).toBeVisible();
    await expect(seat.page.getByRole('textbox', { name: /^Nachricht/ })).toHaveCount(0);
    expect(await violationsOf(seat.page)).toEqual([]);
  }
  for (const person of [clerk, patrol]) {
    const path = roomPath(roomId, `send/m.room.message/late-${localpartOf(person)}`);
    const answer = await (await domains.matrix(person)).request('PUT', path, { body: 'x', msgtype: 'm.text' });
    expect([person, answer.status]).toEqual([person, 403]);
  }
  await Promise.all(seats.map((seat) => seat.close()));
});

test('a room of the own side alone says so', async ({ browser }) => {
  const seat = await seatOf(browser, clerk, desktop);
  await seat.openRoom('Lage');
  await expect(seat.page.getByRole('main').getByText('Nur Land Hessen').filter({ visible: true })).toHaveCount(1);
  await expect(seat.page.getByRole('button', { name: 'Senden', exact: true })).toBeVisible();
  await expect(seat.page.getByText('Polizei Hessen')).toHaveCount(0);
  await seat.close();
});
