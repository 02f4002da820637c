/**
 * Hands out the files of the client's build, and pictures and files that it asks the engine for. Holds no token and no
 * key, and leaves every request to another origin alone.
 */
/// <reference lib="webworker" />
import { mediaRequests } from './ask-engine.ts';
import { sourceOf } from './media-address.ts';
import { mediaResponse } from './media-response.ts';
import { openNotice } from './open-notice.ts';
import { routePast } from './route-past.ts';
import { shell } from './shell.ts';
import type { ShellManifest } from './shell-manifest.ts';
import { isWorkerCommand } from './worker-command.ts';

/** Put in by the build (client/build/service-worker.ts). */
declare const SHELL_MANIFEST: ShellManifest;
declare const self: ServiceWorkerGlobalScope;

const { origin } = self.location;
const files = shell(SHELL_MANIFEST, origin);
const media = mediaRequests();

self.addEventListener('install', (event) => {
  event.waitUntil(files.install());
  event.waitUntil(routePast(event, files.cacheName));
});
self.addEventListener('activate', (event) => event.waitUntil(begin()));
self.addEventListener('message', (event) => {
  if (!isWorkerCommand(event.data)) return;
  event.waitUntil(event.data.type === 'take-over' ? self.skipWaiting() : self.clients.claim());
});
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openNotice(self, event.notification.data));
});
self.addEventListener('fetch', (event) => {
  const response = respond(event.request);
  if (response) event.respondWith(response);
  if (response && event.request.mode === 'navigate') event.waitUntil(files.refreshPage());
});

async function begin(): Promise<void> {
  await files.deleteOthers();
  // The first visit shows pictures too.
  await self.clients.claim();
}

function respond(request: Request): Promise<Response> | null {
  const url = new URL(request.url);
  if (url.origin !== origin) return null;
  const source = sourceOf(url);
  if (source !== null) return media.ask(source).then(mediaResponse);
  if (isReload(request) && self.registration.waiting) return reload(request, self.registration.waiting);
  return files.respond(request);
}

/** Not every browser says so; then the person's word or the closing of all tabs brings the newest build. */
function isReload(request: Request): boolean {
  return 'isReloadNavigation' in request && request.isReloadNavigation === true;
}

/** Whoever reloads the only tab gets the newest build; with others open it waits for the person's word. */
async function reload(request: Request, waiting: ServiceWorker): Promise<Response> {
  const tabs = await self.clients.matchAll({ type: 'window' });
  if (tabs.length > 1) return (await files.respond(request)) ?? fetch(request);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no target origin
  waiting.postMessage({ type: 'take-over' });
  return new Response(null, { headers: { Refresh: '0' } });
}
