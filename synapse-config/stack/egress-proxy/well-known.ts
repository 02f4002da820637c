/** Answers `https://<name>/.well-known/matrix/server` for every server name that the egress proxy knows. */
import { createServer } from 'node:https';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Duplex } from 'node:stream';
import { issueServerCertificate, type CertificateAuthority } from '../certificates.ts';
import { federationPort } from './mappings.ts';

/** Returns what takes over a connection on which the caller begins to speak TLS. */
export function createWellKnownResponder(authority: CertificateAuthority): (socket: Duplex) => void {
  const contexts = new Map<string, Promise<SecureContext>>();
  const contextOf = (serverName: string): Promise<SecureContext> => {
    const context = contexts.get(serverName) ?? secureContext(authority, serverName);
    contexts.set(serverName, context);
    return context;
  };
  const server = createServer(
    {
      minVersion: 'TLSv1.2',
      SNICallback: (serverName, done) => void answerWithContext(contextOf(serverName), done),
    },
    (request, response) => {
      const serverName = (request.headers.host ?? '').replace(/:\d+$/, '');
      const known = request.url === '/.well-known/matrix/server';
      response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
      response.end(known ? JSON.stringify({ 'm.server': `${serverName}:${federationPort}` }) : undefined);
    },
  );
  return (socket) => void server.emit('connection', socket);
}

type SniDone = (error: Error | null, context?: SecureContext) => void;

async function answerWithContext(context: Promise<SecureContext>, done: SniDone): Promise<void> {
  try {
    done(null, await context);
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
  }
}

async function secureContext(authority: CertificateAuthority, serverName: string): Promise<SecureContext> {
  const { certificate, key } = await issueServerCertificate(authority, serverName);
  return createSecureContext({ cert: certificate, key });
}
