/** What a page shows that cannot start: never nothing. */
import { expect, test } from '@playwright/test';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientApp } from '../../client/serve/app.ts';
import { serverConfigSchema } from '../../client/serve/configuration.ts';
import { originOf } from './media/origin-of.ts';

const built = join(import.meta.dirname, '..', '..', 'client', 'dist');
const said = 'Landbote startet hier nicht.';
/** Less than what a page waits that is only slow. */
const atOnce = { timeout: 5_000 };

let dist: string;
let server: Server;
let origin: string;
let isConfigurationAway: boolean;

test.beforeEach(async () => {
  isConfigurationAway = false;
  dist = await mkdtemp(join(tmpdir(), 'landbote-build-'));
  await cp(built, dist, { recursive: true });
  server = createServer();
  origin = await originOf(server);
  const config = {
    port: 0,
    dist,
    allowedConnections: [],
    client: {
      serverName: 'land.hessen.test',
      homeserverUrl: origin,
      appserviceUrl: origin,
      domainName: 'Land Hessen',
      theme: 'land',
      rosterKeys: ['11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo'],
    },
  };
  const answer = clientApp(serverConfigSchema.parse(config));
  server.on('request', (request, response) => {
    if (isConfigurationAway && request.url === '/config.json') response.destroy();
    else answer(request, response);
  });
});

test.afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(dist, { recursive: true });
});

/** Changes one byte of the file, in the middle of a comment or not: its digest is another one. */
async function flipByte(name: RegExp): Promise<void> {
  const folder = join(dist, 'assets');
  for (const file of (await readdir(folder)).filter((found) => name.test(found))) {
    const bytes = await readFile(join(folder, file));
    await rm(join(folder, `${file}.br`), { force: true });
    await writeFile(join(folder, file), Buffer.concat([bytes, Buffer.from(' ')]));
  }
}

test('the build as it is starts', async ({ page }) => {
  await page.goto(origin);
  await expect(page.getByLabel('Dienstkennung')).toBeVisible();
  await expect(page.getByText(said)).toHaveCount(0);
});

test('a page whose scripts were changed by a byte runs none of them, and says so', async ({ page }) => {
  await flipByte(/^(index|first-read)-.*\.js$/);
  await page.goto(origin);
  await expect(page.getByText(said)).toBeVisible(atOnce);
  await expect(page.getByLabel('Dienstkennung')).toHaveCount(0);
});

test('a page whose styles were changed by a byte uses none of them', async ({ page }) => {
  await flipByte(/^index-.*\.css$/);
  await page.goto(origin);
  await expect(page.getByLabel('Dienstkennung')).toBeVisible();
  expect(await page.evaluate(`getComputedStyle(document.documentElement).getPropertyValue('--canvas')`)).toBe('');
});

test('a page whose engine is missing says so', async ({ page }) => {
  for (const file of await readdir(join(dist, 'assets'))) {
    if (file.startsWith('engine.worker-')) await rm(join(dist, 'assets', file));
  }
  await page.goto(origin);
  await expect(page.getByText(said)).toBeVisible(atOnce);
});

test('a browser that lacks what the client needs says so', async ({ page }) => {
  await page.addInitScript('delete globalThis.BroadcastChannel');
  await page.goto(origin);
  await expect(page.getByText(said)).toBeVisible(atOnce);
});

test('a page whose server goes away while it starts says that, and goes on when asked to', async ({ page }) => {
  isConfigurationAway = true;
  await page.goto(origin);
  await expect(page.getByRole('heading', { name: 'Der Server antwortet nicht.' })).toBeVisible();
  isConfigurationAway = false;
  await page.getByRole('button', { name: 'Erneut versuchen' }).click();
  await expect(page.getByLabel('Dienstkennung')).toBeVisible();
});
