/** Pictures and files for the page, with a service worker and without. */
import { mediaRequests } from '../service-worker/ask-engine.ts';
import { mediaUrl } from '../service-worker/media-address.ts';
import type { Media, MediaProblem } from '../service-worker/media-channel.ts';

export interface ShownPicture {
  /** For `src`. */
  readonly address: string;
  /** To be called when it is no longer shown. */
  release(): void;
}

/**
 * @param source `Attachment.source` or `Attachment.thumbnail`.
 * @returns null if there is no such picture or it cannot be had now.
 */
export async function showPicture(source: string): Promise<ShownPicture | null> {
  if (navigator.serviceWorker?.controller) return { address: mediaUrl(source), release: () => undefined };
  // Some private windows have no service worker.
  const media = await askOnce(source);
  return typeof media === 'string' || !media.isPicture ? null : addressed(media);
}

/**
 * Lets the person save a picture or file.
 * @param source `Attachment.source`.
 */
export async function saveMedia(source: string): Promise<MediaProblem | null> {
  const media = await askOnce(source);
  if (typeof media === 'string') return media;
  const { address, release } = addressed(media);
  const link = document.createElement('a');
  link.href = address;
  link.download = media.name;
  link.click();
  // The browser has taken over by then.
  setTimeout(release, 60_000);
  return null;
}

/** Everybody who listens gets a copy of every answer, so a page listens for no longer than it must. */
async function askOnce(source: string): Promise<Media | MediaProblem> {
  const requests = mediaRequests();
  try {
    return await requests.ask(source);
  } finally {
    requests.close();
  }
}

function addressed({ bytes, mimeType }: Media): ShownPicture {
  const address = URL.createObjectURL(new Blob([bytes], { type: mimeType }));
  return { address, release: () => URL.revokeObjectURL(address) };
}
