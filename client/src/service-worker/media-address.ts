/** Addresses under which pages ask the service worker for pictures and files. Page, service worker and engine share it. */

const folder = '/_media/';

/** Fits every address of `mediaUrl` (URL Pattern). */
export const mediaPattern = `${folder}*`;

/** @param source `Attachment.source` or `Attachment.thumbnail`, as the engine named it. */
export function mediaUrl(source: string): string {
  return folder + source;
}

/** What `mediaUrl` was given; null for every other address. */
export function sourceOf(url: URL): string | null {
  return url.pathname.startsWith(folder) ? url.pathname.slice(folder.length) : null;
}
