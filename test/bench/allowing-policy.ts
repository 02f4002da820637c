/**
 * Stands in for the appservice while the bare loop runs: the homeserver asks its policy before it creates a room, and
 * here everything is allowed at once, which is the best a policy could do.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';

export interface AllowingPolicy {
  close(): Promise<void>;
}

export async function startAllowingPolicy(port: number): Promise<AllowingPolicy> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.setHeader('content-type', 'application/json').end('{}'));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
