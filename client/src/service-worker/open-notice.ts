/** A notice was chosen that a page had shown through the service worker. */
/// <reference lib="webworker" />

/**
 * Brings a page to the place that the notice is about, or opens one there.
 * @param place fragment of an address, as the page gave it
 */
export async function openNotice({ clients }: ServiceWorkerGlobalScope, place: unknown): Promise<void> {
  const address = typeof place === 'string' ? `/#${encodeURI(place)}` : '/';
  const [page] = await clients.matchAll({ type: 'window' });
  if (!page) return void (await clients.openWindow(address));
  await page.focus();
  await page.navigate(address);
}
