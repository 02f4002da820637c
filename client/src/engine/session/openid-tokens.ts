import { z } from 'zod';
import type { OpenIdToken } from '../directory/appservice-api.ts';
import type { HomeserverApi } from '../matrix/homeserver-api.ts';

const openIdTokenSchema = z.object({ access_token: z.string(), matrix_server_name: z.string() });

/** Proofs of who we are, for the appservice (client-server API, "OpenID"). */
export function openIdTokens(api: HomeserverApi, userId: string): () => Promise<OpenIdToken> {
  const path = `/_matrix/client/v3/user/${encodeURIComponent(userId)}/openid/request_token`;
  return async () => openIdTokenSchema.parse(await api.request('POST', path, { body: {} }));
}
