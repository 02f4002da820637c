/** The engine in a SharedWorker: one for all pages of this browser, each with a connection of its own. */
import type { Engine } from '../protocol.ts';
import { portChannel, type ToEngine, type ToPage } from './messages.ts';
import { onPageGone, servePage } from './serve-page.ts';

/** @param scope the SharedWorker's global scope. */
export function hostShared(scope: EventTarget, newSeat: () => Engine): void {
  scope.addEventListener('connect', (event) => {
    const [port] = event instanceof MessageEvent ? event.ports : [];
    if (!port) return;
    const channel = portChannel<ToEngine, ToPage>(port);
    const end = servePage(channel, newSeat());
    channel.listen((message) => {
      if (message.type === 'hello') onPageGone(message.pageId, end);
    });
  });
}
