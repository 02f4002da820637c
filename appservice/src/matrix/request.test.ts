import { createServer, type RequestListener } from 'node:http';
import { pino } from 'pino';
import { z } from 'zod';
import { expect, onTestFinished, test } from 'vitest';
import { roomIdSchema, serverNameSchema, userIdSchema } from '#contract/ids.ts';
import { connectHomeserver } from './connect-homeserver.ts';
import type { Homeserver } from './ports.ts';
import type { Registration } from './registration.ts';

const serverName = serverNameSchema.parse('land.hessen.test');
const room = roomIdSchema.parse('!room');
const person = userIdSchema.parse('@anna.leit:land.hessen.test');

function registrationOf(id: string): Registration {
  return {
    id,
    as_token: `${id}-as`,
    hs_token: `${id}-hs`,
    url: null,
    sender_localpart: id,
    rate_limited: false,
    namespaces: { users: [], aliases: [], rooms: [] },
  };
}

/** The homeserver port, over HTTP, to a server that answers by `listener`. */
async function connectTo(listener: RequestListener, abandoned = new AbortController().signal): Promise<Homeserver> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = z.object({ port: z.int() }).parse(server.address());
  const connection = await connectHomeserver({
    serverName,
    homeserverUrl: `http://127.0.0.1:${port}`,
    registrations: { provisioner: registrationOf('landbote'), people: registrationOf('landbote-people') },
    memberships: null,
    onEvent: () => undefined,
    logger: pino({ level: 'silent' }),
    abandoned,
  });
  onTestFinished(() => connection.close());
  return connection.homeserver;
}

test('a request that is asked for patience is sent again after exactly that time, and not before', async () => {
  const retryAfterMs = 400;
  const askedAt: number[] = [];
  const homeserver = await connectTo((_request, response) => {
    askedAt.push(performance.now());
    const body = askedAt.length === 1 ? { errcode: 'M_LIMIT_EXCEEDED', error: '', retry_after_ms: retryAfterMs } : {};
    response.writeHead(askedAt.length === 1 ? 429 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await homeserver.invite(room, person);
  const [first = 0, second = 0] = askedAt;
  expect(askedAt).toHaveLength(2);
  expect(second - first).toBeGreaterThanOrEqual(retryAfterMs - 1);
});

test('whoever has stopped waiting is not kept by a homeserver that asks for patience', async () => {
  const abandoned = new AbortController();
  const homeserver = await connectTo((_request, response) => {
    response.writeHead(429, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ errcode: 'M_LIMIT_EXCEEDED', error: 'slowly', retry_after_ms: 60_000 }));
    setImmediate(() => abandoned.abort());
  }, abandoned.signal);
  await expect(homeserver.invite(room, person)).rejects.toMatchObject({ name: 'HomeserverError' });
});

test('another refusal is the answer: it is not tried again', async () => {
  let asked = 0;
  const homeserver = await connectTo((_request, response) => {
    asked += 1;
    response.writeHead(403, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ errcode: 'M_FORBIDDEN', error: 'no' }));
  });
  await expect(homeserver.kick(room, person, '')).rejects.toMatchObject({ status: 403, errcode: 'M_FORBIDDEN' });
  expect(asked).toBe(1);
});
