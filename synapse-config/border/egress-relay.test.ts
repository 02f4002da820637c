import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { createEgressRelay } from './egress-relay.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Not listening on a port.');
  return address.port;
}

async function relayTo(port: number): Promise<Socket> {
  return connect(await listen(createEgressRelay({ host: '127.0.0.1', port })), '127.0.0.1');
}

test('bytes reach the gateway unchanged, and its answer comes back even after the sender has finished', async () => {
  const gateway = createServer({ allowHalfOpen: true }, (socket) => {
    void text(socket).then((request) => socket.end(`answer to ${request}`));
  });
  const connection = await relayTo(await listen(gateway));
  connection.end('CONNECT schule.hessen.test:8448');
  expect(await text(connection)).toBe('answer to CONNECT schule.hessen.test:8448');
});

test('a large answer arrives whole', async () => {
  const answer = 'x'.repeat(5_000_000);
  const connection = await relayTo(await listen(createServer((socket) => socket.end(answer))));
  expect((await text(connection)).length).toBe(answer.length);
});

test('a gateway that is away ends the connection instead of letting it hang', async () => {
  const port = await listen(createServer());
  servers.pop()?.close();
  const connection = await relayTo(port);
  connection.on('error', () => undefined);
  await once(connection, 'close');
  expect(connection.destroyed).toBe(true);
});
