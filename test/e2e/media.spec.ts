import { expect, test } from '@playwright/test';
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { signIn, type MatrixSession } from '../harness/matrix/session.ts';
import { HostileServer } from './media/hostile-server.ts';
import { decrypt, MediaVisitor, pictureContentSchema, type encryptedFileSchema } from './media/media-visitor.ts';
import { cameraMark, jpegWithPlace, pngWithPlace, webpWithPlace } from './media/picture-with-place.ts';
import { MediaSite } from './media/site.ts';
import { visitor as visitorOf } from './stack.ts';
import { z } from 'zod';

const { person, homeserverUrl } = visitorOf('land.hessen.test', 'miriam.sauer');
const [width, height] = [1_200, 900];

// The recorder asks the server once more for pictures that failed; these tests count what is asked.
test.use({ trace: 'off' });

let site: MediaSite;
let hostile: HostileServer;
let session: MatrixSession;

test.beforeAll(async () => {
  hostile = await HostileServer.start(1_000);
  session = await signIn(homeserverUrl, person.userId, person.password);
  site = await MediaSite.start([homeserverUrl, hostile.origin, hostile.elsewhere]);
  await site.build('eins');
  site.deploy('eins');
});

test.afterAll(async () => {
  await Promise.all([site.stop(), hostile.stop()]);
});

async function open(visit: Parameters<typeof MediaVisitor.open>[0], isSharedComputer = false): Promise<MediaVisitor> {
  const visitor = await MediaVisitor.open(visit, site.origin);
  const { accessToken } = session;
  await visitor.command({ type: 'start', homeserverUrl, accessToken, isSharedComputer });
  return visitor;
}

/** As it lies on the homeserver. */
async function stored(file: z.infer<typeof encryptedFileSchema>): Promise<Buffer> {
  const address = `${homeserverUrl}/_matrix/client/v1/media/download/${file.url.slice('mxc://'.length)}`;
  const response = await fetch(address, { headers: { Authorization: `Bearer ${session.accessToken}` } });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

const cameras = [
  { type: 'image/jpeg', extension: 'jpg', isTurned: true, noted: jpegWithPlace },
  { type: 'image/png', extension: 'png', isTurned: true, noted: pngWithPlace },
  // Chromium shows this format as it lies in the file.
  {
    type: 'image/webp',
    extension: 'webp',
    isTurned: false,
    noted: (drawn: Buffer) => webpWithPlace(drawn, width, height),
  },
];

for (const { type, extension, isTurned, noted } of cameras) {
  test(`${type}: a photo leaves upright, encrypted and without what the camera noted`, async ({ page }) => {
    const visitor = await open(page);
    const photo = noted(await visitor.draw(type, width, height));
    expect(photo.includes(cameraMark)).toBe(true);
    const outcome = await visitor.upload(photo, type, `IMG_1.${extension}`);
    expect(outcome.problem).toBeNull();
    const content = pictureContentSchema.parse(outcome.content);
    expect(content).toMatchObject({ msgtype: 'm.image', filename: `IMG_1.${extension}`, info: { mimetype: type } });
    const edges = ({ w, h }: { w: number; h: number }) => (isTurned ? [h, w] : [w, h]);
    expect(edges(content.info)).toEqual([width, height]);
    expect(edges(content.info.thumbnail_info)).toEqual([800, 600]);
    for (const file of [content.file, content.info.thumbnail_file]) {
      const cipher = await stored(file);
      const plain = decrypt(cipher, file);
      expect(plain.toString('latin1')).toMatch(/^(\xff\xd8\xff|\x89PNG|RIFF)/);
      expect(cipher.equals(plain)).toBe(false);
      for (const trace of [cameraMark, 'Exif', 'EXIF', 'eXIf']) expect(plain.includes(trace)).toBe(false);
    }
  });
}

test('a received picture is shown, and only its ciphertext is kept', async ({ page }) => {
  const visitor = await open(page);
  const { content } = await visitor.upload(await visitor.draw('image/png', width, height), 'image/png', 'Plan.png');
  const { source, thumbnail } = await visitor.command({ type: 'receive', content });
  expect(await visitor.show(source ?? '')).toBe('1200×900');
  expect(await visitor.show(thumbnail ?? '')).toBe('800×600');
  const kept = await keptFiles(visitor);
  expect(kept).toHaveLength(2);
  const beginnings = kept.map((bytes) => Buffer.from(bytes).toString('latin1'));
  for (const beginning of beginnings) expect(beginning).not.toMatch(/^(\xff\xd8\xff|\x89PNG|RIFF)/);
});

test('a full disk gives up what was seen before, and what is new is shown', async ({ page, context }) => {
  const visitor = await open(page);
  const { usage } = z
    .object({ usage: z.number() })
    .parse(await page.evaluate(`navigator.storage.estimate().then(({ usage }) => ({ usage }))`));
  const browser = await context.newCDPSession(page);
  await browser.send('Storage.overrideQuotaForOrigin', { origin: site.origin, quotaSize: usage + 300_000 });
  const sources: string[] = [];
  for (let number = 0; number < 5; number += 1) {
    const { content } = await visitor.upload(randomBytes(100_000), 'application/pdf', `Akte ${number}.pdf`);
    const { source } = await visitor.command({ type: 'receive', content });
    expect(await page.evaluate(`fetch('/_media/${source}').then(({ status }) => status)`)).toBe(200);
    sources.push(source ?? '');
  }
  const kept = z.array(z.string()).parse(
    await page.evaluate(`caches.open('landbote-media')
    .then((cache) => cache.keys()).then((requests) => requests.map(({ url }) => url))`),
  );
  const nameOf = (source: string): string => createHash('sha256').update(`mxc://${source}`).digest('hex');
  const isKept = (source = ''): boolean => kept.some((address) => address.endsWith(`/${nameOf(source)}`));
  expect(isKept(sources.at(0))).toBe(false);
  expect(isKept(sources.at(-1))).toBe(true);
});

test('on a shared computer nothing of a picture is kept', async ({ page }) => {
  const visitor = await open(page, true);
  const { content } = await visitor.upload(await visitor.draw('image/png', 100, 50), 'image/png', 'Plan.png');
  const { source, thumbnail } = await visitor.command({ type: 'receive', content });
  expect(thumbnail).toBeNull();
  expect(await visitor.show(source ?? '')).toBe('100×50');
  expect(await visitor.page.evaluate('caches.keys()')).toEqual([expect.stringMatching(/^landbote-shell-/)]);
});

test('a document that claims to be a picture is only for saving, under a name that shows its kind', async ({
  page,
}) => {
  const visitor = await open(page);
  const hostilePage = Buffer.from('<script>document.title = "ran"</script>');
  const { content } = await visitor.upload(hostilePage, 'text/html', 'Lage\u202egpj.html');
  const claimed = { ...content, msgtype: 'm.image', info: { mimetype: 'image/png' } };
  const { source } = await visitor.command({ type: 'receive', content: claimed });
  expect(await visitor.show(source ?? '')).toBe('error');
  const downloading = page.waitForEvent('download');
  await visitor.save(source ?? '');
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('Lagegpj.html');
  expect(await readFile(await download.path())).toEqual(hostilePage);
});

test('a browser without service workers and shared workers shows and saves as well', async ({ page }) => {
  await page.addInitScript('delete Navigator.prototype.serviceWorker; delete globalThis.SharedWorker;');
  const visitor = await open(page);
  const { content } = await visitor.upload(await visitor.draw('image/png', 100, 50), 'image/png', 'Plan.png');
  const { source } = await visitor.command({ type: 'receive', content });
  expect(await visitor.show(source ?? '')).toBe('100×50');
  const downloading = page.waitForEvent('download');
  await visitor.save(source ?? '');
  expect((await downloading).suggestedFilename()).toBe('Plan.png');
});

test('an upload tells its progress, and ends when it is cancelled', async ({ page }) => {
  const visitor = await open(page);
  const bytes = Buffer.alloc(300_000, 'x');
  const whole = await visitor.upload(bytes, 'application/pdf', 'Akte.pdf');
  expect(whole.content).toMatchObject({ msgtype: 'm.file', info: { mimetype: 'application/pdf', size: 300_000 } });
  expect(whole.progress.at(0)).toEqual([0, 300_000]);
  expect(whole.progress.at(-1)).toEqual([300_000, 300_000]);
  const cancelled = await visitor.command({ type: 'upload and cancel', bytes: [...bytes] });
  expect(cancelled).toMatchObject({ problem: expect.stringContaining('abort'), content: null });
});

test('a file that the server does not take is refused before anything is sent', async ({ page }) => {
  const visitor = await open(page);
  await visitor.command({
    type: 'start',
    homeserverUrl: hostile.origin,
    accessToken: 'secret',
    isSharedComputer: true,
  });
  const outcome = await visitor.upload(Buffer.alloc(1_001), 'application/pdf', 'Akte.pdf');
  expect(outcome.problem).toContain('too-large');
  expect(hostile.requests.filter(({ method }) => method === 'POST')).toEqual([]);
});

test('no token leaves for anywhere but the homeserver, not even when it redirects', async ({ page }) => {
  const visitor = await open(page);
  const { content } = await visitor.upload(await visitor.draw('image/png', 100, 50), 'image/png', 'Plan.png');
  await visitor.command({
    type: 'start',
    homeserverUrl: hostile.origin,
    accessToken: 'secret',
    isSharedComputer: true,
  });
  const { source } = await visitor.command({ type: 'receive', content });
  expect(await visitor.show(source ?? '')).toBe('error');
  const asked = hostile.requests.filter(({ path }) => path.includes('/download/'));
  expect(asked).toEqual([expect.objectContaining({ authorization: 'Bearer secret' })]);
  expect(hostile.requestsElsewhere).toEqual([]);
  expect(site.requests.length).toBeGreaterThan(0);
  expect(site.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  expect(site.requests.filter(({ path }) => path.startsWith('/_media'))).toEqual([]);
});

/** First bytes of everything in the cache of media. */
async function keptFiles(visitor: MediaVisitor): Promise<number[][]> {
  return visitor.page.evaluate(`(async () => {
    const cache = await caches.open('landbote-media');
    const responses = await cache.matchAll();
    return Promise.all(responses.map(async (response) => [...new Uint8Array(await response.arrayBuffer())].slice(0, 16)));
  })()`);
}
