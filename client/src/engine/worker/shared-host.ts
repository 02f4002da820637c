/** The engine in a SharedWorker: one for all pages of this browser, each with a connection of its own. */
import type { Engine } from '../protocol.ts';
import { portChannel, type Alive, type ToEngine, type ToPage } from './messages.ts';
import { onPageGone, servePage } from './serve-page.ts';

/** @param scope the SharedWorker's global scope. */
export function hostShared(scope: EventTarget, newSeat: () => Engine): void {
  const alive = holdLock();
  scope.addEventListener('connect', (event) => {
    const [port] = event instanceof MessageEvent ? event.ports : [];
    if (!port) return;
    const channel = portChannel<ToEngine, ToPage | Alive>(port);
    void alive.then((message) => channel.post(message));
    const end = servePage(channel, newSeat());
    channel.listen((message) => {
      if (message.type === 'hello') onPageGone(message.pageId, end);
    });
  });
}

/** @returns what pages have to know, once the lock is held. */
function holdLock(): Promise<Alive> {
  const lockName = `landbote-engine-${crypto.randomUUID()}`;
  return new Promise((resolve) => {
    void navigator.locks.request(lockName, () => {
      resolve({ type: 'alive', lockName });
      return new Promise<never>(() => undefined);
    });
  });
}
