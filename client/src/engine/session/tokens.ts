/**
 * The session's access token. Runs out and is renewed (client-server API, "Refreshing access tokens"); however many
 * requests find it run out at once, it is renewed once.
 */
import { z } from 'zod';
import { HomeserverError } from '../matrix/homeserver-api.ts';
import { sendRequest } from '../matrix/send-request.ts';

export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string | null;
}

export interface Tokens {
  readonly current: string;
  /** Renews the token, unless it is another one than `refused` already. False: it cannot be renewed. */
  renew(refused: string): Promise<boolean>;
}

const refreshedSchema = z.object({ access_token: z.string(), refresh_token: z.string().optional() });

/** @param keep stores the new pair; the old refresh token is worth nothing any more. */
export function sessionTokens(
  homeserverUrl: string,
  initial: TokenPair,
  keep: (pair: TokenPair) => Promise<void>,
): Tokens {
  let pair = initial;
  let renewing: Promise<boolean> | null = null;

  async function refresh(refreshToken: string): Promise<boolean> {
    try {
      const answer = await sendRequest(homeserverUrl, null, 'POST', '/_matrix/client/v3/refresh', {
        body: { refresh_token: refreshToken },
      });
      const { access_token: accessToken, refresh_token: next } = refreshedSchema.parse(answer);
      pair = { accessToken, refreshToken: next ?? refreshToken };
      await keep(pair);
      return true;
    } catch (error) {
      if (error instanceof HomeserverError && error.status < 500 && error.status !== 429) return false;
      throw error;
    }
  }

  return {
    get current() {
      return pair.accessToken;
    },
    async renew(refused) {
      if (refused !== pair.accessToken) return true;
      if (pair.refreshToken === null) return false;
      renewing ??= refresh(pair.refreshToken).finally(() => (renewing = null));
      return renewing;
    },
  };
}
