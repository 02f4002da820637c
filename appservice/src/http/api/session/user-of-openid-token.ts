import type { z } from 'zod';
import type { openIdTokenSchema } from '#contract/api.ts';
import { serverNameOf, type ServerName, type UserId } from '#contract/ids.ts';
import type { OpenIdVerifier } from '#appservice/matrix/ports.ts';
import { ProblemError } from '../../problem-error.ts';

/**
 * Whose OpenID token it is (client-server API, "OpenID"). Only the own homeserver is asked and only its own users
 * are believed: a foreign server could answer any user id (GHSA-vc7j-h8xg-fv5x).
 *
 * Throws `session.openid-refused`.
 */
export async function userOfOpenIdToken(
  { access_token: accessToken, matrix_server_name: issuer }: z.infer<typeof openIdTokenSchema>,
  serverName: ServerName,
  openId: OpenIdVerifier,
): Promise<UserId> {
  if (issuer !== serverName) throw refused('The token is one of another homeserver.');
  const user = await openId.userOfOpenIdToken(accessToken);
  if (user === null) throw refused('The homeserver does not know the token.');
  if (serverNameOf(user) !== serverName) throw refused('The token is one of a user of another homeserver.');
  return user;
}

function refused(detail: string): ProblemError {
  return new ProblemError('session.openid-refused', detail);
}
