/** Serves a built Cinny on loopback, pointed at the measured homeserver. */
import { createServer } from 'node:http';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import express from 'express';
import { originOf } from '../../../e2e/media/origin-of.ts';

export interface ServedPeer {
  readonly url: string;
  stop(): void;
}

/** @throws if the folder holds no built Cinny */
export async function servePeer(folder: string, homeserverUrl: string): Promise<ServedPeer> {
  await access(join(folder, 'index.html')).catch((cause: unknown) => {
    throw new Error(`No built Cinny in ${folder}: clone it, \`npm ci\`, \`npm run build\`, and name its folder dist.`, {
      cause,
    });
  });
  const app = express();
  app.get('/config.json', (_request, response) => {
    response.json({
      defaultHomeserver: 0,
      homeserverList: [homeserverUrl],
      allowCustomHomeservers: true,
      hashRouter: { enabled: true, basename: '/' },
    });
  });
  app.use(express.static(folder));
  const server = createServer(app);
  const url = await originOf(server);
  return {
    url,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
