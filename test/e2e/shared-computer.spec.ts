import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { sessionOf, roomNamed } from '../faults/cut-seat.ts';
import { textSecret, type Secret } from '../harness/profile-search/secrets.ts';
import { leaveEverywhere, type Place } from './profile/careless-page.ts';
import { KeptProfile } from './profile/kept-profile.ts';
import { keysOf, namesOf } from './profile/secrets-of-a-session.ts';
import { Seat } from './seat.ts';
import { visitor } from './stack.ts';

const jonas = visitor('land.hessen.test', 'jonas.reith');
const henrike = visitor('land.hessen.test', 'henrike.bolte');
/** One red point. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
  'base64',
);
const room = 'Hochwasserschutz Eder 2027';
const word = (): string => `Wort${randomUUID().slice(0, 13)}`;

let profile: KeptProfile;

test.beforeEach(async () => {
  profile = await KeptProfile.open();
});
test.afterEach(() => profile.delete());

/** Somebody at this computer, after some work: reads, writes, shows a picture, looks for a person, begins a message. */
async function work(isShared: boolean): Promise<{ seat: Seat; secrets: readonly Secret[] }> {
  const seat = await Seat.in(profile.context);
  await seat.page.clock.install();
  await seat.page.goto(jonas.clientUrl);
  await seat.fillSignIn(jonas.person);
  if (isShared) await seat.shareComputer();
  await seat.submitSignIn();
  await seat.secure(jonas.person);
  await seat.openRoom(room);
  const [sent, begun, sought] = [word(), word(), word()];
  await seat.send(sent);
  await expect(seat.message(sent)).toBeVisible();
  await sendPicture(seat.page);
  await seat.searchPeople(sought);
  await expect(seat.page.getByText('Niemand gefunden')).toBeVisible();
  // Once for the words, once for the dialog.
  await seat.page.keyboard.press('Escape');
  await seat.page.keyboard.press('Escape');
  await expect(seat.page.getByRole('dialog')).toBeHidden();
  await seat.write(begun);
  const roomId = await roomNamed(await sessionOf(jonas), room);
  const words = Object.entries({ sent, begun, sought }).map(([name, text]) => textSecret(`${name} words`, text));
  return { seat, secrets: [...words, ...namesOf([jonas, henrike], roomId, room), ...(await keysOf(jonas, room))] };
}

async function sendPicture(page: Page): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({
    name: `${word()}.png`,
    mimeType: 'image/png',
    buffer: picture,
  });
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article').last().locator('img')).toBeVisible();
}

test('the search finds what a careless page leaves, wherever a browser keeps things', async () => {
  const page = await profile.context.newPage();
  await page.goto(jonas.clientUrl);
  const words: Record<Place, string> = {
    database: word(),
    'web storage': word(),
    'session storage': word(),
    cache: word(),
    'web cache': word(),
    history: word(),
  };
  await leaveEverywhere(page, words);
  await profile.close();
  const found = await profile.found(Object.entries(words).map(([place, left]) => textSecret(place, left)));
  const files = {
    database: 'IndexedDB',
    'web storage': 'Local Storage',
    'session storage': 'Session Storage',
    cache: 'Service Worker/CacheStorage',
    'web cache': 'Cache/Cache_Data',
    // A browser without windows keeps no history.
    ...(existsSync(join(profile.folder, 'Default', 'History')) && { history: 'History' }),
  };
  for (const [place, file] of Object.entries(files)) {
    expect(found).toContainEqual(expect.stringContaining(`${place} in Default/${file}`));
  }
});

const ends = {
  'signing out': (seat: Seat) => seat.signOut(),
  'ten minutes without input': async (seat: Seat) => {
    await seat.page.clock.fastForward('09:01');
    await expect(seat.page.getByText('Niemand da?')).toBeVisible();
    await seat.page.clock.fastForward('01:01');
    await expect(seat.page.getByLabel('Dienstkennung')).toBeVisible();
  },
  'closing the browser': () => profile.close(),
};

for (const [end, act] of Object.entries(ends)) {
  test(`on a shared computer ${end} leaves nothing, and nothing was there before`, async () => {
    const { seat, secrets } = await work(true);
    expect(await profile.found(secrets)).toEqual([]);
    await act(seat);
    expect(await profile.found(secrets)).toEqual([]);
    await profile.close();
    expect(await profile.found(secrets)).toEqual([]);
  });
}

/** What a browser notes by itself of where a person was and with which name the person signed in. */
const notedByBrowser =
  /(room id|localpart jonas\.reith) in (Default\/(Favicons|History|Login Data|Sessions|Web Data)|segmentation_platform)/;

test('on a computer of one’s own what is kept is sealed, and signing out leaves neither it nor its key', async () => {
  const { seat, secrets } = await work(false);
  const kept = await profile.found(secrets);
  const readable = kept.filter((line) => !notedByBrowser.test(line));
  // The SDK's store names the people whose devices it knows.
  expect(readable.filter((line) => !/^(user id|localpart) .* in Default\/IndexedDB/.test(line))).toEqual([]);
  expect(readable).toContainEqual(expect.stringContaining(henrike.person.userId));
  const keys = await profile.storedKeys();
  expect(keys.length).toBeGreaterThan(0);
  await seat.signOut();
  await profile.close();
  const left = await profile.found([...secrets, ...keys]);
  expect(left.filter((line) => !notedByBrowser.test(line))).toEqual([]);
});
