import { HttpApiEvent, type MatrixClient } from 'matrix-js-sdk/lib/matrix.js';
import { MatrixError } from 'matrix-js-sdk/lib/http-api/errors.js';

/**
 * The SDK takes `M_UNKNOWN_TOKEN` from any request for the end of the session, even when it only passes on another
 * server's error. Believed is only the own homeserver's answer to `whoami`.
 * `soft`: the token ran out; device and keys live on.
 */
export function onConfirmedEnd(client: MatrixClient, ended: (kind: 'soft' | 'hard') => void): void {
  let isChecking = false;
  client.on(HttpApiEvent.SessionLoggedOut, () => {
    if (isChecking) return;
    isChecking = true;
    void client
      .whoami()
      .catch((error: unknown) => {
        if (!(error instanceof MatrixError) || error.errcode !== 'M_UNKNOWN_TOKEN') return;
        ended(error.data['soft_logout'] === true ? 'soft' : 'hard');
      })
      .finally(() => (isChecking = false));
  });
}
