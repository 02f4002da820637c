import { expect, test, type Page } from '@playwright/test';
import { MediaVisitor } from './media/media-visitor.ts';
import { MediaSite } from './media/site.ts';

let site: MediaSite;

test.beforeAll(async () => {
  site = await MediaSite.start([]);
  await site.build('eins');
  await site.build('zwei');
});

test.beforeEach(() => site.deploy('eins'));
test.afterAll(() => site.stop());

/** Everything that would leave a white page. */
function problemsOf(page: Page): readonly string[] {
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  return problems;
}

const build = (page: Page) => page.getByRole('heading');
const hint = (page: Page) => page.getByText('Neue Version');

/** What browsers do by themselves once a day and at every visit. */
async function lookForUpdate(page: Page): Promise<void> {
  await page.evaluate('navigator.serviceWorker.getRegistration().then((registration) => registration.update())');
}

/** Waits until the worker that was being installed is given up. */
const refused = `navigator.serviceWorker.getRegistration().then((registration) => new Promise((resolve) => {
  const { installing } = registration;
  if (!installing) return resolve();
  installing.addEventListener('statechange', () => installing.state === 'redundant' && resolve());
}))`;

test('an open tab goes on with its own build until the person takes the new one, in all tabs', async ({ context }) => {
  const [first, second] = [await context.newPage(), await context.newPage()];
  const problems = [problemsOf(first), problemsOf(second)];
  await MediaVisitor.open(first, site.origin);
  site.deploy('zwei');
  await lookForUpdate(first);
  await expect(hint(first)).toBeVisible();
  await first.getByRole('button').click();
  await expect(first.getByText('Kapitel aus eins')).toBeVisible();
  // A tab opened meanwhile shares the engine, so it gets the same build.
  await MediaVisitor.open(second, site.origin);
  await expect(build(second)).toHaveText('eins');
  await hint(second).click();
  for (const page of [first, second]) {
    await expect(build(page)).toHaveText('zwei');
    await page.getByRole('button').click();
    await expect(page.getByText('Kapitel aus zwei')).toBeVisible();
  }
  expect(problems.flat()).toEqual([]);
  const shells = await first.evaluate('caches.keys()');
  expect(shells).toHaveLength(1);
});

test('reloading the only tab brings the new build', async ({ page }) => {
  const problems = problemsOf(page);
  await MediaVisitor.open(page, site.origin);
  site.deploy('zwei');
  await lookForUpdate(page);
  await expect(hint(page)).toBeVisible();
  await page.reload({ waitUntil: 'commit' });
  await expect(build(page)).toHaveText('zwei');
  expect(problems).toEqual([]);
});

test('the page opens while the server is away', async ({ page, context }) => {
  await MediaVisitor.open(page, site.origin);
  await context.setOffline(true);
  await page.reload();
  await expect(build(page)).toHaveText('eins');
  await page.getByRole('button').click();
  await expect(page.getByText('Kapitel aus eins')).toBeVisible();
});

test('a changed policy of the server reaches pages that are kept', async ({ page }) => {
  await MediaVisitor.open(page, site.origin);
  site.allow(['https://matrix.neu.test']);
  site.deploy('eins');
  await page.reload();
  await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
  const policy = `fetch('/').then(({ headers }) => headers.get('Content-Security-Policy'))`;
  await expect.poll(() => page.evaluate(policy)).toContain('https://matrix.neu.test');
});

test('a half-finished update of the server is not taken', async ({ page }) => {
  await MediaVisitor.open(page, site.origin);
  await site.mix('halb', 'zwei', 'eins');
  site.deploy('halb');
  await lookForUpdate(page);
  await page.evaluate(refused);
  await page.reload();
  await expect(build(page)).toHaveText('eins');
});

test('page and files come without the service worker, which answers for the rest', async ({ page, context }) => {
  await MediaVisitor.open(page, site.origin);
  const [worker] = context.serviceWorkers();
  await worker?.evaluate(`
    self.asked = [];
    const { respondWith } = FetchEvent.prototype;
    FetchEvent.prototype.respondWith = function (response) {
      self.asked.push(new URL(this.request.url).pathname);
      respondWith.call(this, response);
    };
  `);
  await page.reload();
  await page.getByRole('button').click();
  await expect(page.getByText('Kapitel aus eins')).toBeVisible();
  // Never from the cache alone: the newest one counts.
  await page.evaluate(`fetch('/config.json').then((response) => response.json())`);
  // Asked last, so that whatever the worker was asked before is known by then.
  await page.evaluate(`void fetch('/_media/unbekannt').catch(() => null)`);
  await expect.poll(() => worker?.evaluate('self.asked')).toEqual(['/config.json', '/_media/unbekannt']);
});

test('the kill switch takes the service worker and its files off', async ({ page }) => {
  await MediaVisitor.open(page, site.origin);
  site.deploy('zwei', 'off');
  await lookForUpdate(page);
  await expect(build(page)).toHaveText('zwei');
  await expect.poll(() => page.evaluate('caches.keys()')).toEqual([]);
});
