import type { WorkerCommand } from '../service-worker/worker-command.ts';
import { scriptUrl } from './script-url.ts';

const updateCheckMs = 3_600_000;
/** Starting takes the processor; what the service worker has to look after comes later. */
const afterStartMs = 60_000;

/**
 * Registers the service worker and looks for newer builds and headers of the page: a while after the start, every hour,
 * and when the tab is looked at again.
 * @param onNewVersion called when a newer build is ready; `apply` reloads all tabs with it.
 * @returns when the service worker answers for this page, or at once where there is none.
 */
export async function registerServiceWorker(onNewVersion: (apply: () => void) => void): Promise<void> {
  // Absent in some private windows, and where the page is served without TLS.
  if (!('serviceWorker' in navigator)) return;
  const container = navigator.serviceWorker;
  reloadOnNewVersion(container);
  const registration = await container.register(scriptUrl('/service-worker.js'), { updateViaCache: 'none' });
  if (registration.active && !container.controller) tell(registration.active, { type: 'serve-me' });
  watch(registration, onNewVersion);
  if (registration.waiting && isReload()) tell(registration.waiting, { type: 'take-over-alone' });
  const check = (): void => {
    void registration.update().catch(() => undefined);
    if (registration.active) tell(registration.active, { type: 'refresh-page' });
  };
  setTimeout(check, afterStartMs);
  setInterval(check, updateCheckMs);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && check());
  await controlled(container);
}

/** Whoever reloads the only tab gets the newest build. */
function isReload(): boolean {
  const [navigation] = performance.getEntriesByType('navigation');
  return navigation instanceof PerformanceNavigationTiming && navigation.type === 'reload';
}

function controlled(container: ServiceWorkerContainer): Promise<void> {
  return new Promise((resolve) => {
    if (container.controller) resolve();
    container.addEventListener('controllerchange', () => resolve(), { once: true });
  });
}

/** All tabs share one engine, so all go on with the same build. What was typed is kept with the tab. */
function reloadOnNewVersion(container: ServiceWorkerContainer): void {
  let isServed = container.controller !== null;
  container.addEventListener('controllerchange', () => {
    if (isServed) location.reload();
    isServed = true;
  });
}

function watch(registration: ServiceWorkerRegistration, onNewVersion: (apply: () => void) => void): void {
  const offer = (): void => {
    const { waiting, active } = registration;
    if (waiting && active) onNewVersion(() => tell(waiting, { type: 'take-over' }));
  };
  offer();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', offer));
}

function tell(worker: ServiceWorker, command: WorkerCommand): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no target origin
  worker.postMessage(command);
}
