import { openMediaChannel, type Media, type MediaMessage, type MediaProblem } from './media-channel.ts';

/** Asks the engine for media. */
export interface MediaRequests {
  ask(source: string): Promise<Media | MediaProblem>;
  close(): void;
}

/** Long enough for a large file on a slow line; after five minutes browsers end a service worker themselves. */
const deadlineMs = 240_000;

interface Waiting {
  readonly source: string;
  readonly settle: (outcome: Media | MediaProblem) => void;
}

export function mediaRequests(): MediaRequests {
  const waiting = new Map<string, Waiting>();
  const channel = openMediaChannel((message) => {
    if (isMediaMessage(message)) receive(message);
  });

  function receive(message: MediaMessage): void {
    if (message.type === 'ready') return waiting.forEach(({ source }, id) => send(id, source));
    if (message.type === 'answer') return waiting.get(message.id)?.settle(message.media);
    if (message.type === 'problem') waiting.get(message.id)?.settle(message.problem);
  }

  function send(id: string, source: string): void {
    channel.send({ type: 'ask', id, source });
  }

  return {
    close: () => channel.close(),
    async ask(source) {
      const id = crypto.randomUUID();
      const { promise, resolve } = Promise.withResolvers<Media | MediaProblem>();
      const timer = setTimeout(resolve, deadlineMs, 'unreachable' satisfies MediaProblem);
      waiting.set(id, { source, settle: resolve });
      send(id, source);
      return promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(id);
      });
    },
  };
}

/** Whoever sends here is of this origin and build or the one before: the type tells the rest. */
function isMediaMessage(message: unknown): message is MediaMessage {
  return typeof message === 'object' && message !== null && 'type' in message;
}
