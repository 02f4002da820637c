import { mediaUrl } from '../service-worker/media-address.ts';

/**
 * Lets the person save a picture or file. (A link with its address would do where browsers ask the service worker for
 * what is to be saved; not all do.)
 * @param source `Attachment.source`.
 * @param name `Attachment.name`.
 * @returns false if it could not be had.
 */
export async function saveMedia(source: string, name: string): Promise<boolean> {
  const response = await fetch(mediaUrl(source));
  if (!response.ok) return false;
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken over what it saves by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return true;
}
