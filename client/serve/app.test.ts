import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientApp } from './app.ts';
import { serverConfigSchema } from './configuration.ts';

let server: Server;
let dist: string;
let origin: string;

const config = serverConfigSchema.parse({
  port: 0,
  dist: '.',
  allowedConnections: ['http://127.0.0.1:4811'],
  client: {
    serverName: 'land.hessen.test',
    homeserverUrl: 'http://127.0.0.1:4811',
    appserviceUrl: 'http://127.0.0.1:4812',
    domainName: 'Land Hessen',
    theme: 'land',
    rosterKeys: ['11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo'],
  },
});

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'landbote-client-'));
  await mkdir(join(dist, 'assets'));
  await writeFile(join(dist, 'index.html'), '<!doctype html>');
  await writeFile(join(dist, 'service-worker.js'), 'build');
  await writeFile(join(dist, 'assets', 'app-a1b2.js'), 'plain');
  await writeFile(join(dist, 'assets', 'app-a1b2.js.br'), brotliCompressSync('compressed'));
  server = createServer(clientApp({ ...config, dist }));
  origin = await listen(server);
});

afterAll(async () => {
  await closed(server);
  await rm(dist, { recursive: true });
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

const get = (path: string): Promise<Response> => fetch(origin + path, { headers: { 'Accept-Encoding': 'identity' } });

describe('the client server', () => {
  it.each(['/', '/config.json', '/assets/missing.js', '/live', '/anything/below'])(
    'sends the content security policy with %s',
    async (path) => {
      const policy = (await get(path)).headers.get('Content-Security-Policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).toContain("connect-src 'self' http://127.0.0.1:4811");
      expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'/);
    },
  );

  it('lets browsers keep hashed files for good and ask for all others', async () => {
    expect((await get('/assets/app-a1b2.js')).headers.get('Cache-Control')).toContain('immutable');
    expect((await get('/')).headers.get('Cache-Control')).toBe('no-cache');
    expect((await get('/config.json')).headers.get('Cache-Control')).toBe('no-cache');
  });

  it.each(['/assets/old-build.js', '/_media/land.hessen.test/abc'])(
    'answers 404 for %s, never the page',
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(404);
      expect(response.headers.get('Content-Type')).not.toContain('html');
    },
  );

  it('lets the service worker speak to its own origin alone', async () => {
    const response = await get('/service-worker.js');
    expect(await response.text()).toBe('build');
    expect(response.headers.get('Content-Security-Policy')).toContain("default-src 'none'; connect-src 'self';");
    expect(response.headers.get('Cache-Control')).toBe('no-cache');
  });

  it('takes the service worker off where it is switched off', async () => {
    const withoutWorker = createServer(clientApp({ ...config, dist, serviceWorker: 'off' }));
    try {
      const response = await fetch(`${await listen(withoutWorker)}/service-worker.js`);
      expect(await response.text()).toContain('registration.unregister()');
      expect(response.headers.get('Content-Type')).toContain('text/javascript');
      expect(response.headers.get('Cache-Control')).toBe('no-cache');
    } finally {
      await closed(withoutWorker);
    }
  });

  it('tells browsers to stay with HTTPS only behind TLS', async () => {
    expect((await get('/')).headers.get('Strict-Transport-Security')).toBeNull();
  });

  it('hands out the compressed twin only to those who take it', async () => {
    expect(await (await get('/assets/app-a1b2.js')).text()).toBe('plain');
    const response = await fetch(`${origin}/assets/app-a1b2.js`, { headers: { 'Accept-Encoding': 'br' } });
    expect(await response.text()).toBe('compressed');
    expect(response.headers.get('Content-Type')).toContain('text/javascript');
    expect(response.headers.get('Vary')).toContain('Accept-Encoding');
  });

  it('has the browser throw away what it keeps after a sign-out, and lets no other site ask for that', async () => {
    const ask = (site: string): Promise<Response> =>
      fetch(`${origin}/signed-out`, { method: 'POST', headers: { 'Sec-Fetch-Site': site } });
    const own = await ask('same-origin');
    expect([own.status, own.headers.get('Clear-Site-Data')]).toEqual([204, '"cache", "storage"']);
    for (const site of ['cross-site', 'same-site', 'none']) {
      const foreign = await ask(site);
      expect([foreign.status, foreign.headers.get('Clear-Site-Data')]).toEqual([403, null]);
    }
  });

  it('serves no file outside of its folder', async () => {
    expect(await (await get('/..%2f..%2fetc/passwd')).text()).not.toContain('root:');
  });
});

describe('the configuration', () => {
  it.each(['*', 'https:', "'unsafe-inline'", 'https://x.test; script-src *', 'https://x.test/path'])(
    'refuses %s as an allowed connection',
    (origin) => {
      expect(serverConfigSchema.safeParse({ ...config, allowedConnections: [origin] }).success).toBe(false);
    },
  );
});
