import type { ToEngine, ToPage } from './messages.ts';

/** What workers without the engine and the one with it tell each other. */
export type Relayed =
  | { readonly type: 'who-leads' }
  | { readonly type: 'leader'; readonly leaderId: string }
  | { readonly type: 'to-engine'; readonly seatId: string; readonly message: ToEngine }
  | { readonly type: 'to-page'; readonly seatId: string; readonly message: ToPage };

export function sendRelayed(others: BroadcastChannel, message: Relayed): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has no target origin
  others.postMessage(message);
}

/** Returns what ends listening. */
export function onRelayed(others: BroadcastChannel, listener: (message: Relayed) => void): () => void {
  const listen = ({ data }: MessageEvent<Relayed>): void => listener(data);
  others.addEventListener('message', listen);
  return () => others.removeEventListener('message', listen);
}
