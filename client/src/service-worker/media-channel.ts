/**
 * How media crosses from the engine to the service worker (and to a page without one): by a BroadcastChannel, which
 * reaches the one engine wherever it runs and outlives both sides' restarts. Everybody on it is of this origin.
 */
const name = 'landbote-media';

export interface Media {
  /** A picture type that is safe to show, else `application/octet-stream`. */
  readonly mimeType: string;
  /** Safe to show in place; everything else is only for saving. */
  readonly isPicture: boolean;
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** `gone`: no such media, or not what the sender encrypted; `unreachable`: trying again later can succeed. */
export type MediaProblem = 'gone' | 'unreachable';

export type MediaMessage =
  | { readonly type: 'ask'; readonly id: string; readonly source: string }
  | { readonly type: 'answer'; readonly id: string; readonly media: Media }
  | { readonly type: 'problem'; readonly id: string; readonly problem: MediaProblem }
  /** An engine has begun and answers from now on: what nobody answered so far is asked again. */
  | { readonly type: 'ready' };

export interface MediaChannel {
  send(message: MediaMessage): void;
  close(): void;
}

/** @param receive gets what others on the channel have sent, unchecked. */
export function openMediaChannel(receive: (message: unknown) => void): MediaChannel {
  const channel = new BroadcastChannel(name);
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => receive(data));
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has one origin only
    send: (message) => channel.postMessage(message),
    close: () => channel.close(),
  };
}
