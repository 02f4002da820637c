import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { Seat } from '../e2e/seat.ts';
import { visitor } from '../e2e/stack.ts';
import { expiredToken, type Fault, type SeenRequest } from '../harness/cutting-proxy/faults.ts';
import { isSending, takeCutSeat, type CutSeat } from './cut-seat.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');
const room = 'Hochwasserschutz Eder 2027';
const bytes = 400_000;

const isUpload = ({ method, path }: SeenRequest): boolean => method === 'POST' && path.includes('/media/v3/upload');

const cuts: readonly [string, Fault, (request: SeenRequest) => boolean][] = [
  ['the line is cut before the upload', { kind: 'refuse' }, isUpload],
  ['the line is cut at a tenth of the upload', { kind: 'cut-request', afterBytes: bytes * 0.1 }, isUpload],
  ['the line is cut at half of the upload', { kind: 'cut-request', afterBytes: bytes * 0.5 }, isUpload],
  ['the line is cut at the end of the upload', { kind: 'cut-request', afterBytes: bytes * 0.99 }, isUpload],
  ['the answer to the upload is lost', { kind: 'lose-answer' }, isUpload],
  ['the line is cut between upload and message', { kind: 'refuse' }, isSending],
];

let cut: CutSeat;
let other: Seat;

test.beforeAll(async ({ browser }) => {
  [cut, other] = await Promise.all([takeCutSeat(miriam), Seat.signIn(browser, jonas)]);
  await Promise.all([cut.seat.openRoom(room), other.openRoom(room)]);
});

test.afterAll(() => Promise.all([cut.close(), other.close()]));

/** A document: its bytes leave as they are, so that a part of them is known. */
async function sendDocument(name: string): Promise<void> {
  const choosing = cut.seat.page.waitForEvent('filechooser');
  await cut.seat.page.getByRole('button', { name: 'Datei anhängen' }).click();
  const document = { name, mimeType: 'application/octet-stream', buffer: Buffer.alloc(bytes, 7) };
  await (await choosing).setFiles([document]);
  await cut.seat.page.getByRole('textbox', { name: /^Nachricht an / }).press('Enter');
}

async function arrivesOnce(name: string): Promise<void> {
  await expect(other.message(name)).toHaveCount(1);
  const after = `Danach ${randomUUID()}`;
  await cut.seat.send(after);
  await expect(other.message(after)).toHaveCount(1);
  await expect(other.message(name)).toHaveCount(1);
  await expect(cut.seat.message(name)).toHaveCount(1);
  await expect(cut.seat.mark(name, 'Gesendet')).toBeAttached();
}

for (const [what, fault, matches] of cuts) {
  test(`a file arrives once, though ${what}`, async () => {
    cut.proxy.inject({ fault, matches, times: 1 });
    const name = `Pegel-${randomUUID()}.bin`;
    await sendDocument(name);
    await arrivesOnce(name);
  });

  test(`a file arrives once, though ${what} and the page is reloaded`, async () => {
    const lift = cut.proxy.inject({ fault, matches });
    const before = cut.proxy.requests.filter(matches).length;
    const name = `Pegel-${randomUUID()}.bin`;
    await sendDocument(name);
    await expect.poll(() => cut.proxy.requests.filter(matches).length).toBeGreaterThan(before);
    await cut.seat.page.reload();
    lift();
    await arrivesOnce(name);
  });
}

test('a file arrives once, though the access token runs out before the upload', async () => {
  cut.proxy.inject({ fault: expiredToken, matches: isUpload, times: 1 });
  const name = `Pegel-${randomUUID()}.bin`;
  await sendDocument(name);
  await arrivesOnce(name);
});
