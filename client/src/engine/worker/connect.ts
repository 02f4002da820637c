/** Starts or joins the engine from a page. */
import { scriptUrl } from '../../platform/script-url.ts';
import type { Engine } from '../protocol.ts';
// oxlint-disable-next-line import/default -- Vite makes the address of the built worker of this
import workerUrl from './engine.worker.ts?worker&url';
import { portChannel, type Channel, type ToEngine, type ToPage } from './messages.ts';
import { remoteEngine } from './remote-engine.ts';
import { sharedChannel } from './shared-channel.ts';

/** @param onMissing called if the browser cannot load the worker's script */
export function connectEngine(onMissing: () => void): Engine {
  const channel = openChannel(scriptUrl(workerUrl), onMissing);
  const pageId = `landbote-page-${crypto.randomUUID()}`;
  // Tells the engine when this page is gone; the browser lets go of it however the page ends.
  void navigator.locks.request(pageId, () => {
    channel.post({ type: 'hello', pageId });
    return new Promise<never>(() => undefined);
  });
  const engine = remoteEngine(channel);
  reportVisibility(engine);
  return engine;
}

function reportVisibility(engine: Engine): void {
  const report = (): void => engine.setWatched(document.visibilityState === 'visible');
  document.addEventListener('visibilitychange', report);
  // The next engine knows nothing of this page.
  engine.subscribe(({ type }) => type === 'restarted' && report());
  report();
}

function openChannel(url: string, onMissing: () => void): Channel<ToPage, ToEngine> {
  const options = { type: 'module', name: 'landbote-engine' } as const;
  const watched = <T extends SharedWorker | Worker>(worker: T): T => {
    // With the error itself come those of a script that runs.
    worker.addEventListener('error', (event) => event instanceof ErrorEvent || onMissing());
    return worker;
  };
  if ('SharedWorker' in globalThis) return sharedChannel(() => watched(new SharedWorker(url, options)).port);
  return portChannel(watched(new Worker(url, options)));
}
