/**
 * The one way to the homeserver. Implementations add the access token (refreshed when it runs out), refuse redirects,
 * and throw `HomeserverError` for what the server refuses and `UnreachableError` where no answer came.
 */
export interface HomeserverApi {
  /** @param path from `/_matrix/…` on, already encoded. @returns the parsed JSON body, unchecked. */
  request(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, options?: RequestOptions): Promise<unknown>;
}

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Milliseconds until the request is given up; 30 s unless told. */
  readonly deadlineMs?: number;
}

/** The server answered with a Matrix error (client-server API, "Standard error response"). */
export class HomeserverError extends Error {
  readonly status: number;
  readonly errcode: string;
  readonly retryAfterMs: number | null;
  readonly isSoftLogout: boolean;

  constructor(status: number, errcode: string, retryAfterMs: number | null, isSoftLogout: boolean) {
    super(`${status} ${errcode}`);
    this.status = status;
    this.errcode = errcode;
    this.retryAfterMs = retryAfterMs;
    this.isSoftLogout = isSoftLogout;
  }
}

/** No answer, or none of a homeserver (a proxy's HTML page). Trying again later can succeed. */
export class UnreachableError extends Error {}
