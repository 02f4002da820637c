import { z } from 'zod';
import { openMediaChannel, type Media, type MediaMessage } from '../../service-worker/media-channel.ts';
import { MediaGoneError } from './load-media.ts';
import type { MediaReference, MediaSources } from './media-sources.ts';

const askSchema = z.object({ type: z.literal('ask'), id: z.string().max(100), source: z.string().max(1_000) });
/** A page may ask before the engine has read the message that the address comes from. */
const unknownSourceMs = 20_000;

/** Answers the service worker as long as this engine runs. @returns a function that ends it. */
export function answerMedia(sources: MediaSources, load: (reference: MediaReference) => Promise<Media>): () => void {
  const ended = new AbortController();

  async function answer(id: string, source: string): Promise<void> {
    const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(unknownSourceMs)]);
    const message = await answerOf(id, await sources.wait(source, signal), load);
    if (!ended.signal.aborted) channel.send(message);
  }

  const channel = openMediaChannel((message) => {
    const ask = askSchema.safeParse(message);
    if (ask.success) void answer(ask.data.id, ask.data.source);
  });
  channel.send({ type: 'ready' });
  return () => {
    ended.abort();
    channel.close();
  };
}

async function answerOf(
  id: string,
  reference: MediaReference | null,
  load: (reference: MediaReference) => Promise<Media>,
): Promise<MediaMessage> {
  if (!reference) return { type: 'problem', id, problem: 'gone' };
  try {
    return { type: 'answer', id, media: await load(reference) };
  } catch (error) {
    return { type: 'problem', id, problem: error instanceof MediaGoneError ? 'gone' : 'unreachable' };
  }
}
