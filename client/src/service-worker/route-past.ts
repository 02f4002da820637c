/** Lets the browser hand out the build's files without starting this worker, where it can. */
/// <reference lib="webworker" />

/** Service Workers, "static routing"; not in the compiler's library yet. */
interface RoutingEvent extends ExtendableEvent {
  addRoutes(rules: readonly Rule[]): Promise<void>;
}

interface Rule {
  /** Relative to this worker's own address. */
  readonly condition: { readonly urlPattern: string };
  /** The network where the cache has nothing. */
  readonly source: { readonly cacheName: string };
}

/**
 * Asking the worker for each file takes as long as painting the page.
 * @param event the worker's `install`: no other one takes routes
 */
export async function routePast(event: ExtendableEvent, cacheName: string): Promise<void> {
  if (!canRoute(event)) return;
  await event.addRoutes([{ condition: { urlPattern: '/assets/*' }, source: { cacheName } }]);
}

function canRoute(event: ExtendableEvent): event is RoutingEvent {
  return 'addRoutes' in event;
}
