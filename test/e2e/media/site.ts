/** The page below page/, built and served as the client is. A test can put another build in place while it is open. */
import type { Express } from 'express';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { serviceWorker } from '../../../client/build/service-worker.ts';
import { clientApp } from '../../../client/serve/app.ts';
import { serverConfigSchema } from '../../../client/serve/configuration.ts';
import { originOf } from './origin-of.ts';

const page = join(import.meta.dirname, 'page');

export interface ServedRequest {
  readonly path: string;
  readonly authorization: string | undefined;
}

export class MediaSite {
  readonly origin: string;
  readonly requests: ServedRequest[] = [];
  readonly #server: Server;
  readonly #folder: string;
  #allowedConnections: readonly string[];
  #app: Express | null = null;

  private constructor(server: Server, origin: string, folder: string, allowedConnections: readonly string[]) {
    this.#server = server;
    this.origin = origin;
    this.#folder = folder;
    this.#allowedConnections = allowedConnections;
    server.on('request', (request, response) => {
      this.requests.push({ path: request.url ?? '', authorization: request.headers.authorization });
      this.#app?.(request, response);
    });
  }

  /** @param allowedConnections origins that the content security policy lets the page ask. */
  static async start(allowedConnections: readonly string[]): Promise<MediaSite> {
    const server = createServer();
    const origin = await originOf(server);
    return new MediaSite(server, origin, await mkdtemp(join(tmpdir(), 'landbote-media-')), allowedConnections);
  }

  /** Builds the page under this name. */
  async build(name: string): Promise<void> {
    await build({
      configFile: false,
      root: page,
      logLevel: 'error',
      plugins: [serviceWorker()],
      define: { BUILD: JSON.stringify(name) },
      worker: { format: 'es' },
      build: {
        target: 'es2023',
        outDir: join(this.#folder, name),
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
      },
    });
  }

  /** A server in the middle of an update: everything of one build, and the page of another. */
  async mix(name: string, build: string, pageOf: string): Promise<void> {
    await cp(join(this.#folder, build), join(this.#folder, name), { recursive: true });
    await cp(join(this.#folder, pageOf, 'index.html'), join(this.#folder, name, 'index.html'));
  }

  /** Serves this build from now on, and nothing of any other. */
  deploy(name: string, serviceWorker: 'on' | 'off' = 'on'): void {
    const config = serverConfigSchema.parse({
      port: 0,
      dist: join(this.#folder, name),
      allowedConnections: this.#allowedConnections,
      serviceWorker,
      client: {
        serverName: 'land.hessen.test',
        homeserverUrl: this.origin,
        appserviceUrl: this.origin,
        domainName: 'Land Hessen',
        theme: 'land',
        rosterKeys: ['11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo'],
      },
    });
    this.#app = clientApp(config);
  }

  /** Changes what the content security policy lets the page ask, as of the next `deploy`. */
  allow(connections: readonly string[]): void {
    this.#allowedConnections = connections;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true, force: true });
  }
}
