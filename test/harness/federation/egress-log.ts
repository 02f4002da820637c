/**
 * The log of the stack's egress proxy as evidence of whom the homeservers tried to reach, and its control.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { z } from 'zod';
import type { StackFile } from '#stack/stack-file.ts';
import { waitUntil } from '../wait-until.ts';

type EgressProxy = StackFile['egressProxy'];

const connectionSchema = z.object({ from: z.string().nullable(), target: z.string(), verdict: z.string() });
export type LoggedConnection = z.infer<typeof connectionSchema>;

/**
 * All connections that were asked for so far. A connection of our own to a name that nobody has is logged last and
 * proves that the log is complete.
 */
export async function connectionsUpToNow(proxy: EgressProxy): Promise<readonly LoggedConnection[]> {
  const sentinel = `${randomUUID()}.test:8448`;
  await askForConnection(proxy, sentinel);
  return waitUntil(`the sentinel connection in ${proxy.logPath}`, async () => {
    const connections = await readConnections(proxy);
    const end = connections.findIndex(({ target }) => target === sentinel);
    return end === -1 ? undefined : connections.slice(0, end);
  });
}

async function readConnections({ logPath }: EgressProxy): Promise<readonly LoggedConnection[]> {
  const lines = (await readFile(logPath, 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => connectionSchema.parse(JSON.parse(line)));
}

function askForConnection({ url }: EgressProxy, target: string): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asking = httpRequest({ host: hostname, port, method: 'CONNECT', path: target });
    asking.on('connect', (_answer, socket) => {
      socket.destroy();
      resolve();
    });
    asking.on('error', reject);
    asking.end();
  });
}

/** Lets the proxy find a forged server by its name. Throws if the proxy refuses. */
export async function registerServer({ controlUrl }: EgressProxy, serverName: string, port: number): Promise<void> {
  await control(controlUrl, serverName, { method: 'PUT', body: JSON.stringify({ port }) });
}

export async function unregisterServer({ controlUrl }: EgressProxy, serverName: string): Promise<void> {
  await control(controlUrl, serverName, { method: 'DELETE' });
}

async function control(controlUrl: string, serverName: string, init: RequestInit): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(new URL(`/mappings/${serverName}`, controlUrl), { ...init, headers });
  if (!answer.ok) throw new Error(`the egress proxy answered ${answer.status} to ${init.method} of ${serverName}`);
}
