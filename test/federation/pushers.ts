/** Pushers to an address outside, and a listener there that would show a push. */
import { createServer } from 'node:http';
import { listenOnLoopback } from '#test/harness/federation/loopback.ts';

export interface OutsideListener {
  /** Plain, and another name than the appservice's, which alone is reached without the egress proxy. */
  readonly address: string;
  /** Every request that came. */
  readonly reached: readonly string[];
  close(): void;
}

/** A development homeserver may reach this machine, so nothing but the wall is in the way. */
export async function listenOutside(): Promise<OutsideListener> {
  const reached: string[] = [];
  const server = createServer((request, response) => {
    reached.push(request.url ?? '');
    response.end('{}');
  });
  const address = `http://localhost:${await listenOnLoopback(server)}/_matrix/push/v1/notify`;
  return { address, reached, close: () => void server.close() };
}

/** The body of `POST /pushers/set`. */
export function pusherTo(address: string): Readonly<Record<string, unknown>> {
  return {
    kind: 'http',
    app_id: 'de.landbote.test',
    pushkey: address,
    app_display_name: 'Fremd',
    device_display_name: 'Fremd',
    lang: 'de',
    data: { url: address },
  };
}
