/** A homeserver that sends downloads elsewhere and takes hardly anything, which Synapse cannot be made to do. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { originOf } from './origin-of.ts';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
}

export class HostileServer {
  readonly origin: string;
  /** Where downloads are sent. */
  readonly elsewhere: string;
  readonly requests: readonly ReceivedRequest[];
  readonly requestsElsewhere: readonly ReceivedRequest[];
  readonly #servers: readonly Server[];

  private constructor(own: RecordingServer, elsewhere: RecordingServer) {
    this.origin = own.origin;
    this.elsewhere = elsewhere.origin;
    this.requests = own.requests;
    this.requestsElsewhere = elsewhere.requests;
    this.#servers = [own.server, elsewhere.server];
  }

  /** @param uploadBytesMax what it says of its limit. */
  static async start(uploadBytesMax: number): Promise<HostileServer> {
    const elsewhere = await record((_request, response) => void response.end('picture'));
    const own = await record((request, response) => {
      if (request.url?.includes('/download/')) {
        return void response.writeHead(307, { Location: elsewhere.origin + request.url }).end();
      }
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ 'm.upload.size': uploadBytesMax }));
    });
    return new HostileServer(own, elsewhere);
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}

interface RecordingServer {
  readonly server: Server;
  readonly origin: string;
  readonly requests: readonly ReceivedRequest[];
}

async function record(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<RecordingServer> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*').setHeader('Access-Control-Allow-Headers', 'Authorization');
    if (request.method === 'OPTIONS') return void response.end();
    const { method = '', url: path = '', headers } = request;
    requests.push({ method, path, authorization: headers.authorization });
    answer(request, response);
  });
  return { server, origin: await originOf(server), requests };
}
