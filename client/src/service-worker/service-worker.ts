/**
 * Hands out the files of the client's build, and pictures and files that it asks the engine for. Holds no token and no
 * key, and leaves every request to another origin alone.
 */
/// <reference lib="webworker" />
import { mediaRequests } from './ask-engine.ts';
import { mediaPattern, sourceOf } from './media-address.ts';
import { mediaResponse } from './media-response.ts';
import { openNotice } from './open-notice.ts';
import { routePast } from './route-past.ts';
import { configuration, shell } from './shell.ts';
import type { ShellManifest } from './shell-manifest.ts';
import { isWorkerCommand, type WorkerCommand } from './worker-command.ts';

/** Put in by the build (client/build/service-worker.ts). */
declare const SHELL_MANIFEST: ShellManifest;
declare const self: ServiceWorkerGlobalScope;

const { origin } = self.location;
const files = shell(SHELL_MANIFEST, origin);
const media = mediaRequests();

self.addEventListener('install', (event) => {
  event.waitUntil(files.install());
  event.waitUntil(routePast(event, [mediaPattern, configuration], files.cacheName));
});
self.addEventListener('activate', (event) => event.waitUntil(begin()));
self.addEventListener('message', (event) => {
  if (isWorkerCommand(event.data)) event.waitUntil(carryOut(event.data));
});
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openNotice(self, event.notification.data));
});
self.addEventListener('fetch', (event) => {
  const response = respond(event.request);
  if (response) event.respondWith(response);
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
  return source === null ? files.respond(request) : media.ask(source).then(mediaResponse);
}

async function carryOut({ type }: WorkerCommand): Promise<void> {
  if (type === 'take-over') return self.skipWaiting();
  if (type === 'take-over-alone') return takeOverAlone();
  return type === 'serve-me' ? self.clients.claim() : files.refreshPage();
}

async function takeOverAlone(): Promise<void> {
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (tabs.length === 1) await self.skipWaiting();
}
