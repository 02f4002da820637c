import type { AddressInfo } from 'node:net';
import { createServer, type RequestListener } from 'node:http';
import { StartError } from './start-error.ts';

export interface Listener {
  /** The port, also when the configuration left it to the system (0). */
  readonly port: number;
  /** Takes no more connections and waits for the requests under way; breaks them off when `abandoned` is aborted. */
  close(abandoned: AbortSignal): Promise<void>;
}

/**
 * Longer than Synapse (two minutes) or a proxy keeps an idle connection. If this side closed first, a policy question
 * sent at that moment would be lost, and the homeserver would refuse what it asked about.
 */
const keepAliveMs = 150_000;

/** Listens on one address. Throws a StartError if it is taken. */
export async function listen(
  handler: RequestListener,
  { host, port }: { host: string; port: number },
): Promise<Listener> {
  const server = createServer({ keepAliveTimeout: keepAliveMs }, handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new StartError([`Cannot listen on ${host}:${port}: ${error.message}`])));
    server.listen(port, host, resolve);
  });
  return {
    port: portOf(server.address()),
    close: (abandoned) =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        if (abandoned.aborted) server.closeAllConnections();
        abandoned.addEventListener('abort', () => server.closeAllConnections(), { once: true });
      }),
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('A TCP listener has a port.');
  return address.port;
}
