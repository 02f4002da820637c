/** The browser answers when all is gone, which takes a while where much was kept. */
const deadlineMs = 10_000;

/**
 * Lets the browser throw away all that it keeps for this client. Databases that are only deleted lie in its files until
 * it tidies up, keys included. Without the network that is how it stays.
 */
export async function clearSite(): Promise<void> {
  const options = { method: 'POST', signal: AbortSignal.timeout(deadlineMs) };
  await fetch('/signed-out', options).catch(() => undefined);
}
