/**
 * The line between a homeserver's copy and the appservice that it asks for decisions. Cut, it is what the homeserver
 * sees of a stopped appservice: nobody listens.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { listenOnLoopback } from '../loopback.ts';

export interface PolicyLine {
  /** Where the copy's policy module asks. */
  readonly url: string;
  /** From now on connections are refused. */
  cut(): Promise<void>;
}

/** @param policyUrl the appservice's policy endpoint */
export async function openPolicyLine(policyUrl: string): Promise<PolicyLine> {
  const { hostname, port, pathname } = new URL(policyUrl);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const upstream = connect(Number(port), hostname);
    for (const end of [socket, upstream]) track(end, sockets);
    socket.pipe(upstream).pipe(socket);
  });
  const linePort = await listenOnLoopback(server);
  return { url: `http://127.0.0.1:${linePort}${pathname}`, cut: () => cut(server, sockets) };
}

function track(socket: Socket, sockets: Set<Socket>): void {
  sockets.add(socket);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => sockets.delete(socket));
}

async function cut(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const socket of sockets) socket.destroy();
  await closed;
}
