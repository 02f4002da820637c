import { z } from 'zod';
import { userIdSchema, type UserId } from '#contract/ids.ts';
import { HomeserverError } from './ports.ts';

const userInfoSchema = z.object({ sub: userIdSchema });

const answerMsMax = 10_000;

/**
 * Asks a homeserver whose OpenID token it is (server-server API, "OpenID"); null if it knows no such token.
 *
 * Not through the bridge's client: that sends an `Authorization` header, and Synapse takes any such header on this
 * path for another server's signature, finds no origin in it and answers "Federation denied with None" as soon as a
 * federation whitelist is set (federation/transport/server/_base.py).
 *
 * Throws HomeserverError; status 0 when no answer came.
 */
export async function readOpenIdUser(
  homeserverUrl: string,
  accessToken: string,
  abandoned: AbortSignal,
): Promise<UserId | null> {
  const url = new URL('/_matrix/federation/v1/openid/userinfo', homeserverUrl);
  url.searchParams.set('access_token', accessToken);
  const signal = AbortSignal.any([abandoned, AbortSignal.timeout(answerMsMax)]);
  const response = await fetch(url, { redirect: 'error', signal }).catch((cause: unknown) => {
    throw new HomeserverError(0, 'M_UNKNOWN', `no answer to an OpenID token: ${String(cause)}`);
  });
  if (response.status === 401) return null;
  if (!response.ok) throw new HomeserverError(response.status, 'M_UNKNOWN', 'the homeserver refused to read a token');
  const userInfo = userInfoSchema.safeParse(await response.json().catch(() => null));
  if (!userInfo.success)
    throw new HomeserverError(response.status, 'M_NOT_JSON', 'unexpected answer to an OpenID token');
  return userInfo.data.sub;
}
