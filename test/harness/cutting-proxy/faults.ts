/** What the cutting proxy can do to a request. */

/** A request as the proxy saw it. The access token is left out. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
}

export type Fault =
  /** Passes so many bytes of the request's body on, and cuts both connections. */
  | { readonly kind: 'cut-request'; readonly afterBytes: number }
  /** Passes so many bytes of the answer's body on, and cuts the connection to the browser. */
  | { readonly kind: 'cut-response'; readonly afterBytes: number }
  /** The homeserver has done what was asked, and the browser never hears of it. */
  | { readonly kind: 'lose-answer' }
  /** Cuts the connection at once; the homeserver never hears of the request. */
  | { readonly kind: 'refuse' }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The request waits as with `delay`, and the answer comes no faster than this. */
  | { readonly kind: 'slow'; readonly milliseconds: number; readonly bytesPerSecond: number }
  /** Answers in place of the homeserver. */
  | { readonly kind: 'answer'; readonly status: number; readonly type: string; readonly body: string }
  /** Puts another body into the homeserver's answer. */
  | { readonly kind: 'rewrite'; readonly rewrite: (body: string) => string };

/** What a reverse proxy says while the homeserver starts: no JSON. */
export const badGateway: Fault = {
  kind: 'answer',
  status: 502,
  type: 'text/html',
  body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
};

/** What a homeserver says while its database is away. */
export const serverFault: Fault = {
  kind: 'answer',
  status: 500,
  type: 'application/json',
  body: '{"errcode":"M_UNKNOWN","error":"Internal server error"}',
};

/** What a homeserver says to an access token that has run out and can be renewed. */
export const expiredToken: Fault = {
  kind: 'answer',
  status: 401,
  type: 'application/json',
  body: '{"errcode":"M_UNKNOWN_TOKEN","error":"Access token has expired","soft_logout":true}',
};

export function limited(retryAfterMs: number): Fault {
  const body = { errcode: 'M_LIMIT_EXCEEDED', error: 'Too Many Requests', retry_after_ms: retryAfterMs };
  return { kind: 'answer', status: 429, type: 'application/json', body: JSON.stringify(body) };
}

export interface FaultRule {
  readonly fault: Fault;
  readonly matches: (request: SeenRequest) => boolean;
  /** How many requests it strikes; every one unless told. */
  readonly times?: number;
}

/** The rules of the moment, in the order in which they were put; the first that fits strikes. */
export class FaultRules {
  readonly #rules = new Map<FaultRule, number>();

  /** @returns what takes the rule away again */
  add(rule: FaultRule): () => void {
    this.#rules.set(rule, rule.times ?? Infinity);
    return () => void this.#rules.delete(rule);
  }

  strike(request: SeenRequest): Fault | null {
    for (const [rule, left] of this.#rules) {
      if (!rule.matches(request)) continue;
      if (left > 1) this.#rules.set(rule, left - 1);
      else this.#rules.delete(rule);
      return rule.fault;
    }
    return null;
  }
}
