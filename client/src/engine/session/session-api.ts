/** The homeserver as the signed-in person reaches it. */
import { HomeserverError, type HomeserverApi } from '../matrix/homeserver-api.ts';
import { sendRequest } from '../matrix/send-request.ts';
import type { Tokens } from './tokens.ts';

const whoAmIPath = '/_matrix/client/v3/account/whoami';

/**
 * `soft`: the token ran out and could not be renewed; device and keys live on.
 * `hard`: the device is gone, and its keys are of no use to anybody.
 */
export type SessionEnd = 'soft' | 'hard';

export interface SessionApi extends HomeserverApi {
  /** For the SDK and for bytes: adds the token to requests to this homeserver, and renews it. */
  readonly fetch: typeof fetch;
}

/** @param onEnd called once, after the homeserver itself has confirmed that the session is over. */
export function sessionApi(homeserverUrl: string, tokens: Tokens, onEnd: (end: SessionEnd) => void): SessionApi {
  let isChecking = false;

  /**
   * `M_UNKNOWN_TOKEN` may be another server's error passed on (GHSA-95fh-hv8c-chvq); believed is only the own
   * homeserver's answer to who we are.
   */
  async function checkEnd(): Promise<void> {
    if (isChecking) return;
    isChecking = true;
    try {
      await sendRequest(homeserverUrl, tokens.current, 'GET', whoAmIPath);
    } catch (error) {
      if (isUnknownToken(error)) onEnd(error.isSoftLogout ? 'soft' : 'hard');
    } finally {
      isChecking = false;
    }
  }

  /** True if the request is worth repeating with another token. */
  async function recovers(error: unknown, used: string): Promise<boolean> {
    if (!isUnknownToken(error)) return false;
    if (await tokens.renew(used)) return true;
    void checkEnd();
    return false;
  }

  return {
    async request(method, path, options) {
      const used = tokens.current;
      try {
        return await sendRequest(homeserverUrl, used, method, path, options);
      } catch (error) {
        if (!(await recovers(error, used))) throw error;
        return sendRequest(homeserverUrl, tokens.current, method, path, options);
      }
    },
    async fetch(input, init) {
      const request = new Request(input, init);
      const used = tokens.current;
      const response = await fetch(authorised(request.clone(), homeserverUrl, used));
      if (response.status !== 401) return response;
      const error = new HomeserverError(401, await errcodeOf(response.clone()), null, false);
      return (await recovers(error, used)) ? fetch(authorised(request, homeserverUrl, tokens.current)) : response;
    },
  };
}

function isUnknownToken(error: unknown): error is HomeserverError {
  return error instanceof HomeserverError && error.errcode === 'M_UNKNOWN_TOKEN';
}

async function errcodeOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => null);
  return typeof body === 'object' && body !== null && 'errcode' in body ? String(body.errcode) : '';
}

/** The token goes to the exact origin of the homeserver and nowhere else (CVE-2024-47771). */
function authorised(request: Request, homeserverUrl: string, accessToken: string): Request {
  if (new URL(request.url).origin !== new URL(homeserverUrl).origin) throw new Error('foreign-origin');
  const headers = new Headers(request.headers);
  headers.set('Authorization', `Bearer ${accessToken}`);
  return new Request(request, { headers, redirect: 'error', credentials: 'omit', cache: 'no-store' });
}
