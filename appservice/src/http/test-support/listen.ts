import { createServer, type RequestListener } from 'node:http';
import { z } from 'zod';
import { onTestFinished } from 'vitest';

const addressSchema = z.object({ port: z.int() });

/** Listens on a free loopback port until the test ends, and answers the base URL. */
export async function listen(app: RequestListener): Promise<string> {
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${addressSchema.parse(server.address()).port}`;
}
