/** What pages tell the service worker. */
export type WorkerCommand =
  /** Replace the version in charge; its tabs reload. */
  | { readonly type: 'take-over' }
  /** Serve the page that asks, which was loaded without a service worker (forced reload). */
  | { readonly type: 'serve-me' };

export function isWorkerCommand(value: unknown): value is WorkerCommand {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  return value.type === 'take-over' || value.type === 'serve-me';
}
