/**
 * `Authorization: X-Matrix …` (Matrix specification, server-server API, "Request Authentication").
 */
import type { JsonObject } from './canonical-json.ts';
import type { Signer } from './event.ts';
import { signatureOf } from './signing-key.ts';

export interface FederationRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path with query, as it stands in the request line. */
  readonly uri: string;
  readonly destination: string;
  readonly content?: JsonObject;
}

/** The header's value: the origin's signature over method, address, both names and the body. */
export function xMatrixHeader(request: FederationRequest, origin: Signer): string {
  const signature = signatureOf({ ...request, origin: origin.serverName }, origin.key);
  return [
    `X-Matrix origin="${origin.serverName}"`,
    `destination="${request.destination}"`,
    `key="${origin.key.id}"`,
    `sig="${signature}"`,
  ].join(',');
}

/** The origin that a received header claims; null if there is none. Not verified: the log of a forged server needs no more. */
export function claimedOrigin(header: string | undefined): string | null {
  return /^X-Matrix .*?\borigin="?([^",]+)"?/.exec(header ?? '')?.[1] ?? null;
}
