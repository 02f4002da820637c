// The kill switch: served in place of the service worker with `"serviceWorker": "off"` (docs/production.md). Browsers
// that have one replace it by this at their next visit, which forgets the files it kept and takes itself off.
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(retire()));

async function retire() {
  const names = await caches.keys();
  const shells = names.filter((name) => name.startsWith('landbote-shell-'));
  await Promise.all(shells.map((name) => caches.delete(name)));
  await self.registration.unregister();
}
