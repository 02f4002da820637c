/**
 * Hands TCP connections on to the egress gateway, unread and unchanged. It is the one container with a route out, so
 * that Synapse needs none: whatever goes wrong in Synapse, only the gateway can be reached, and the gateway decides.
 *
 * Listens on port 3128; the environment variable EGRESS_GATEWAY says where to (`host:port`).
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { z } from 'zod';

const gatewaySchema = z
  .string()
  .regex(/^[A-Za-z0-9.-]+:\d{1,5}$/, 'expected host:port')
  .transform((address) => ({ host: address.replace(/:\d+$/, ''), port: Number(address.replace(/^.*:/, '')) }));

export type Gateway = z.infer<typeof gatewaySchema>;

/** A server that joins each connection with a new one to `gateway`; each direction ends by itself, a failure ends both. */
export function createEgressRelay(gateway: Gateway): Server {
  return createServer({ allowHalfOpen: true, keepAlive: true }, (inside) => {
    const outside = connect({ ...gateway, allowHalfOpen: true, keepAlive: true });
    forward(inside, outside);
    forward(outside, inside);
  });
}

function forward(from: Socket, to: Socket): void {
  from.pipe(to);
  // An error is always followed by `close`, which takes the other side along.
  from.on('error', () => undefined);
  from.on('close', () => to.destroySoon());
}

function main(): void {
  const gateway = gatewaySchema.safeParse(process.env['EGRESS_GATEWAY']);
  if (!gateway.success) {
    console.error('EGRESS_GATEWAY must name the egress gateway as host:port, for example 10.1.2.3:3128.');
    process.exit(2);
  }
  const relay = createEgressRelay(gateway.data).listen(3128);
  process.once('SIGTERM', () => {
    relay.close();
    process.exit(0);
  });
}

if (import.meta.main) main();
