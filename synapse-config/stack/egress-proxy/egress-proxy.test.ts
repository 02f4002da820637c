import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest, type Server } from 'node:http';
import {
  createServer as createTlsServer,
  connect as tlsConnect,
  type Server as TlsServer,
  type TLSSocket,
} from 'node:tls';
import type { Server as NetServer, Socket } from 'node:net';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { issueServerCertificate, openCertificateAuthority, type CertificateAuthority } from '../certificates.ts';
import { createControl } from './control.ts';
import { createEgressProxy, type ConnectRecord } from './proxy.ts';
import { createWellKnownResponder } from './well-known.ts';

const name = 'land.hessen.test';
let folder: string;
let authority: CertificateAuthority;
let caCertificate: string;
let homeserver: TlsServer;
let proxy: Server;
let control: Server;
let mappings: Map<string, number>;
let records: ConnectRecord[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landbote-egress-'));
  authority = await openCertificateAuthority(folder);
  caCertificate = await readFile(authority.certificatePath, 'utf8');
  const { certificate, key } = await issueServerCertificate(authority, name);
  homeserver = createTlsServer({ cert: certificate, key }, (socket) => socket.end(`I am ${name}`));
  await listening(homeserver.listen(0, '127.0.0.1'));
});
afterAll(async () => {
  homeserver.close();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  records = [];
  mappings = new Map([[name, portOf(homeserver)]]);
  proxy = createEgressProxy({
    mappings,
    record: (record) => records.push(record),
    answerWellKnown: createWellKnownResponder(authority),
  });
  control = createControl(mappings).listen(0, '127.0.0.1');
  await Promise.all([listening(proxy.listen(0, '127.0.0.1')), listening(control)]);
});
afterEach(() => {
  proxy.close();
  control.close();
});

async function listening(server: NetServer): Promise<void> {
  if (!server.listening) await once(server, 'listening');
}

function portOf(server: NetServer): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** Sends CONNECT as a homeserver does. */
async function connectThrough(
  target: string,
  headers: Record<string, string> = {},
): Promise<{ status: number | undefined; socket: Socket }> {
  const request = httpRequest({
    host: '127.0.0.1',
    port: portOf(proxy),
    method: 'CONNECT',
    path: target,
    headers,
  }).end();
  return new Promise((resolve, reject) => {
    request.once('connect', ({ statusCode }, socket) => resolve({ status: statusCode, socket }));
    request.once('error', reject);
  });
}

async function readAll(socket: TLSSocket): Promise<string> {
  return text(socket);
}

describe('egress proxy', () => {
  it('passes name:8448 through to that homeserver, whose own certificate the caller sees', async () => {
    const { status, socket } = await connectThrough(`${name}:8448`);
    expect(status).toBe(200);
    expect(await readAll(tlsConnect({ socket, servername: name, ca: caCertificate }))).toBe(`I am ${name}`);
  });

  it('answers where the homeserver is found, so that nobody asks DNS', async () => {
    const { socket } = await connectThrough(`${name}:443`);
    const tls = tlsConnect({ socket, servername: name, ca: caCertificate });
    tls.write(`GET /.well-known/matrix/server HTTP/1.1\r\nhost: ${name}\r\nconnection: close\r\n\r\n`);
    expect(await readAll(tls)).toContain(`{"m.server":"${name}:8448"}`);
  });

  it.each(['example.org:443', 'example.org:8448', `${name}:22`, `${name}:80`, '127.0.0.1:8448', 'nonsense'])(
    'refuses %s',
    async (target) => {
      const { status, socket } = await connectThrough(target);
      socket.destroy();
      expect(status).toBe(403);
      expect(records).toMatchObject([{ target, verdict: 'refused' }]);
    },
  );

  it('refuses a request that is no CONNECT', async () => {
    const request = httpRequest({ host: '127.0.0.1', port: portOf(proxy), path: 'http://example.org/' }).end();
    const status = await new Promise((resolve) => request.once('response', ({ statusCode }) => resolve(statusCode)));
    expect(status).toBe(403);
    expect(records).toMatchObject([{ target: 'http://example.org/', verdict: 'refused' }]);
  });

  it('answers 502 when the homeserver is away', async () => {
    mappings.set('away.test', 1);
    const { status } = await connectThrough('away.test:8448');
    expect(status).toBe(502);
  });

  it('logs who asked for what, when, and the verdict', async () => {
    const credentials = Buffer.from('polizei.hessen.test:local').toString('base64');
    const { socket } = await connectThrough(`${name}:8448`, { 'proxy-authorization': `Basic ${credentials}` });
    socket.destroy();
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
    expect(records).toEqual([{ time, from: 'polizei.hessen.test', target: `${name}:8448`, verdict: 'federation' }]);
  });
});

describe('control of the egress proxy', () => {
  const call = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`http://127.0.0.1:${portOf(control)}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  it('adds and removes homeservers at run time', async () => {
    expect((await call('PUT', '/mappings/forged.test', { port: portOf(homeserver) })).status).toBe(204);
    const { status, socket } = await connectThrough('forged.test:8448');
    socket.destroy();
    expect(status).toBe(200);
    expect((await call('DELETE', '/mappings/forged.test')).status).toBe(204);
    expect((await connectThrough('forged.test:8448')).status).toBe(403);
  });

  it.each([
    ['a name with a port', '/mappings/forged.test:1', { port: 1 }],
    ['a port that is none', '/mappings/forged.test', { port: 70_000 }],
    ['an unknown field', '/mappings/forged.test', { port: 1, host: 'example.org' }],
  ])('refuses %s and changes nothing', async (_what, path, body) => {
    const before = await (await call('GET', '/mappings')).json();
    expect((await call('PUT', path, body)).status).toBe(400);
    expect(await (await call('GET', '/mappings')).json()).toEqual(before);
  });
});
