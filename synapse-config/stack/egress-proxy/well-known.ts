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
      SNICallback: (serverName, done) => {
        contextOf(serverName).then(
          (context) => done(null, context),
          (error: Error) => done(error),
        );
      },
    },
    (request, response) => {
      const serverName = (request.headers.host ?? '').replace(/:\d+$/, '');
      if (request.url !== '/.well-known/matrix/server') return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ 'm.server': `${serverName}:${federationPort}` }));
    },
  );
  return (socket) => void server.emit('connection', socket);
}

async function secureContext(authority: CertificateAuthority, serverName: string): Promise<SecureContext> {
  const { certificate, key } = await issueServerCertificate(authority, serverName);
  return createSecureContext({ cert: certificate, key });
}
