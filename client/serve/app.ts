/** Serves the built client: static files, its configuration, and the page itself for every other address. */
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import { join, sep } from 'node:path';
import type { ServerConfig } from './configuration.ts';
import { precompressed } from './precompressed.ts';
import { securityHeaders } from './security-headers.ts';

const oneYearInSeconds = 31_536_000;

export function clientApp(config: Omit<ServerConfig, 'host' | 'port'>): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(...securityHeaders(config));
  app.get('/live', (_request, response) => void response.type('text').send('live\n'));
  app.get('/config.json', (_request, response) => void response.set('Cache-Control', 'no-cache').json(config.client));
  app.post('/signed-out', clearSite);
  if (config.serviceWorker === 'off') app.get('/service-worker.js', sendKillSwitch);
  app.use(precompressed(config.dist));
  app.use(express.static(config.dist, { setHeaders: setCaching, redirect: false }));
  app.get('/{*path}', (request, response, next) => {
    // A missing file must not turn into a page: an old tab would take HTML for a script or picture.
    if (/^\/(assets|_media)\//.test(request.path)) return next();
    response.set('Cache-Control', 'no-cache').sendFile(join(config.dist, 'index.html'));
  });
  app.use((_request, response) => void response.status(404).type('text').send('Not found\n'));
  app.use(reportFailure);
  return app;
}

/** Names in assets/ carry the hash of their content, so they never change; everything else is asked for anew. */
function setCaching(response: Response, path: string): void {
  const isHashed = path.includes(`${sep}assets${sep}`);
  response.set('Cache-Control', isHashed ? `public, max-age=${oneYearInSeconds}, immutable` : 'no-cache');
}

/** Has the browser throw away everything of this origin; only the client itself may ask for it. */
const clearSite: RequestHandler = (request, response) => {
  if (request.headers['sec-fetch-site'] !== 'same-origin') return void response.status(403).end();
  response.set('Clear-Site-Data', '"cache", "storage"').status(204).end();
};

const sendKillSwitch: RequestHandler = (_request, response) => {
  response.set('Cache-Control', 'no-cache').sendFile(join(import.meta.dirname, 'service-worker-off.js'));
};

const reportFailure: ErrorRequestHandler = (_error, _request, response, next) => {
  if (response.headersSent) return next();
  response.status(500).type('text').send('The client is not available. Has it been built?\n');
};
