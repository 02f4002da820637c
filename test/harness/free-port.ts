import { createServer } from 'node:net';
import { listenOnLoopback } from './federation/loopback.ts';

/** A loopback port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnLoopback(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
