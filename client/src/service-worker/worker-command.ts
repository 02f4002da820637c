/** What pages tell the service worker. */
export type WorkerCommand =
  /** Replace the version in charge; its tabs reload. */
  | { readonly type: 'take-over' }
  /** The same, unless other tabs are open: theirs is the person's word to wait for. */
  | { readonly type: 'take-over-alone' }
  /** Serve the page that asks, which was loaded without a service worker (forced reload). */
  | { readonly type: 'serve-me' }
  /** Take the page's headers as the server gives them now. */
  | { readonly type: 'refresh-page' };

const types: ReadonlySet<unknown> = new Set<WorkerCommand['type']>([
  'take-over',
  'take-over-alone',
  'serve-me',
  'refresh-page',
]);

export function isWorkerCommand(value: unknown): value is WorkerCommand {
  return typeof value === 'object' && value !== null && 'type' in value && types.has(value.type);
}
