/** A homeserver that cuts the connection once, where the test says. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** Where the connection is cut, once: after this part of the upload, before its answer, or before that of the event. */
export type Cut = number | 'answer to the upload' | 'answer to the event';

/** Keeps uploads and events under their ids, as a homeserver does. */
export class CuttingHomeserver {
  readonly uploads = new Map<string, Buffer>();
  readonly events = new Map<string, unknown>();
  readonly server: Server;
  readonly #cut: Cut;
  #hasCut = false;
  /** Settles when the connection has been cut. */
  readonly cut: Promise<void>;
  #onCut: () => void = () => undefined;

  constructor(cut: Cut) {
    this.#cut = cut;
    this.cut = new Promise((resolve) => (this.#onCut = resolve));
    this.server = createServer((request, response) => void this.#receive(request, response));
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    const total = Number(request.headers['content-length']);
    const isUpload = request.method === 'POST';
    request.on('error', () => undefined);
    request.on('data', (part: Buffer) => {
      parts.push(part);
      const received = parts.reduce((sum, { length }) => sum + length, 0);
      if (isUpload && typeof this.#cut === 'number' && received >= total * this.#cut) this.#cutOnce(request);
    });
    request.on('end', () => this.#take(request, response, Buffer.concat(parts)));
  }

  #take(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const isUpload = request.method === 'POST';
    if (request.method === 'GET') return void response.end('{}');
    const id = isUpload ? `Upload${this.uploads.size}` : (request.url?.split('/').at(-1) ?? '');
    if (isUpload) this.uploads.set(id, body);
    else this.events.set(id, JSON.parse(body.toString()));
    if (this.#cut === (isUpload ? 'answer to the upload' : 'answer to the event') && this.#cutOnce(request)) return;
    response.end(JSON.stringify({ content_uri: `mxc://land.hessen.test/${id}`, event_id: `$${id}` }));
  }

  #cutOnce(request: IncomingMessage): boolean {
    if (this.#hasCut) return false;
    this.#hasCut = true;
    request.socket.destroy();
    this.#onCut();
    return true;
  }
}
