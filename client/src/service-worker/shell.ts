import type { ShellFile, ShellManifest } from './shell-manifest.ts';

/**
 * The files of one build, kept together: a tab gets all of its chunks from the build that it began with, also when the
 * server has a newer one or none answers.
 */
export interface Shell {
  readonly cacheName: string;
  /** Fetches all files or keeps none. */
  install(): Promise<void>;
  deleteOthers(): Promise<void>;
  /** Takes the page's headers, which the server's configuration decides on, as they are now; not another build's page. */
  refreshPage(): Promise<void>;
  /** Null for what is no part of it. */
  respond(request: Request): Promise<Response> | null;
}

const prefix = 'landbote-shell-';
const page = '/';
/** Which servers to talk to: the newest answer counts, the last one serves while the network is away. */
export const configuration = '/config.json';

export function shell(manifest: ShellManifest, origin: string): Shell {
  const cacheName = prefix + manifest.version;
  const paths = new Set(manifest.files.map(({ path }) => path));

  async function install(): Promise<void> {
    const cache = await caches.open(cacheName);
    try {
      await Promise.all(manifest.files.map((file) => store(cache, file)));
    } catch (error) {
      await caches.delete(cacheName);
      throw error;
    }
  }

  /** Nothing where the cache cannot be read: after a sign-out the browser may still be throwing it away. */
  async function kept(path: string): Promise<Response | undefined> {
    const match = caches.open(cacheName).then((cache) => cache.match(path, { ignoreVary: true }));
    return match.catch(() => undefined);
  }

  async function keep(path: string, response: Response): Promise<void> {
    const put = caches.open(cacheName).then((cache) => cache.put(path, response));
    await put.catch(() => undefined);
  }

  async function fromCache(path: string, request: Request): Promise<Response> {
    return (await kept(path)) ?? fetch(request);
  }

  async function newestConfiguration(request: Request): Promise<Response> {
    try {
      const response = await fetch(request);
      if (response.ok) await keep(configuration, response.clone());
      return response;
    } catch (error) {
      const known = await kept(configuration);
      if (known) return known;
      throw error;
    }
  }

  async function refreshPage(): Promise<void> {
    const file = manifest.files.find(({ path }) => path === page);
    if (file) await store(await caches.open(cacheName), file).catch(() => undefined);
  }

  return {
    cacheName,
    install,
    refreshPage,
    async deleteOthers() {
      const names = await caches.keys();
      const others = names.filter((name) => name.startsWith(prefix) && name !== cacheName);
      await Promise.all(others.map((name) => caches.delete(name)));
    },
    respond(request) {
      const url = new URL(request.url);
      if (request.method !== 'GET' || url.origin !== origin) return null;
      if (request.mode === 'navigate') return fromCache(page, request);
      if (url.pathname === configuration) return newestConfiguration(request);
      return paths.has(url.pathname) ? fromCache(url.pathname, request) : null;
    },
  };
}

/** A server that is in the middle of an update hands out files of two builds: then their digests don't fit. */
async function store(cache: Cache, { path, integrity }: ShellFile): Promise<void> {
  const response = await fetch(path, { integrity, cache: 'no-cache', credentials: 'omit', redirect: 'error' });
  if (!response.ok) throw new Error(`${response.status} for ${path}`);
  await cache.put(path, response);
}
