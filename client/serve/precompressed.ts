import type { RequestHandler } from 'express';
import { existsSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
};

/**
 * Hands out the `.br` twin of a built asset where there is one (vite.config.ts makes them) and the browser takes it:
 * the cryptography shrinks from 7.8 to under 2 MB.
 */
export function precompressed(dist: string): RequestHandler {
  const assets = join(dist, 'assets');
  const twins = new Set(existsSync(assets) ? readdirSync(assets).filter((name) => name.endsWith('.br')) : []);
  return (request, response, next) => {
    const name = /^\/assets\/([\w.-]+)$/.exec(request.path)?.[1];
    const type = name === undefined ? undefined : contentTypes[extname(name)];
    if (name === undefined || type === undefined || !twins.has(`${name}.br`)) return next();
    response.vary('Accept-Encoding');
    if (request.acceptsEncodings('br') !== 'br') return next();
    request.url = `/assets/${name}.br`;
    response.set({ 'Content-Encoding': 'br', 'Content-Type': type });
    next();
  };
}
