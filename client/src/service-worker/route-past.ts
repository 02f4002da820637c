/** Lets the browser hand out the page and its files without starting this worker, where it can. */
/// <reference lib="webworker" />

/** Service Workers, "static routing"; not in the compiler's library yet. */
interface RoutingEvent extends ExtendableEvent {
  addRoutes(rules: readonly Rule[]): Promise<void>;
}

interface Rule {
  /** Relative to this worker's own address. */
  readonly condition: { readonly urlPattern: string; readonly requestMethod?: 'GET' };
  /** A cache stands for the network where it has nothing. */
  readonly source: 'fetch-event' | { readonly cacheName: string };
}

/**
 * Asking the worker for each file takes as long as painting the page, and starting it for that longer. Holds for what
 * pages load: Chromium 153 takes no routes for the requests of a SharedWorker.
 * @param event the worker's `install`: no other one takes routes
 * @param asked patterns of what only the worker can answer
 */
export async function routePast(event: ExtendableEvent, asked: readonly string[], cacheName: string): Promise<void> {
  if (!canRoute(event)) return;
  // The first that fits decides.
  await event.addRoutes([
    ...asked.map((urlPattern) => ({ condition: { urlPattern }, source: 'fetch-event' }) as const),
    { condition: { urlPattern: '/*', requestMethod: 'GET' }, source: { cacheName } },
  ]);
}

function canRoute(event: ExtendableEvent): event is RoutingEvent {
  return 'addRoutes' in event;
}
