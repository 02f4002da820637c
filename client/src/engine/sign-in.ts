import { MatrixError } from 'matrix-js-sdk/lib/http-api/errors.js';
import { anonymousClient } from './client.ts';
import { FailureError } from './failures.ts';
import { cryptoDatabasePrefix, type SessionRecord, type SessionStore } from './session-record.ts';

const storageKeyBytes = 32;

/**
 * Signs in by password. A device whose session ran out takes up its old id and keys again,
 * so that its messages stay readable.
 */
export async function signInWithPassword(
  homeserverUrl: string,
  store: SessionStore,
  name: string,
  password: string,
): Promise<SessionRecord> {
  const kept = await store.read();
  const resumed = kept && localpart(kept.userId) === localpart(name) ? kept : null;
  const answer = await login(homeserverUrl, name, password, resumed?.deviceId);
  const record: SessionRecord = {
    userId: answer.user_id,
    deviceId: answer.device_id,
    accessToken: answer.access_token,
    storageKey: resumed?.storageKey ?? crypto.getRandomValues(new Uint8Array(storageKeyBytes)),
  };
  if (kept && !resumed) await forget(homeserverUrl, kept);
  await store.write(record);
  return record;
}

/** Another person signs in: the keys left from the last one are of no use to anybody. */
async function forget(homeserverUrl: string, kept: SessionRecord): Promise<void> {
  await anonymousClient(homeserverUrl).clearStores({ cryptoDatabasePrefix: cryptoDatabasePrefix(kept) });
}

async function login(homeserverUrl: string, name: string, password: string, deviceId: string | undefined) {
  try {
    return await anonymousClient(homeserverUrl).loginRequest({
      type: 'm.login.password',
      identifier: { type: 'm.id.user', user: name.trim() },
      password,
      initial_device_display_name: 'Landbote im Browser',
      ...(deviceId === undefined ? {} : { device_id: deviceId }),
    });
  } catch (error) {
    const isWrong =
      error instanceof MatrixError && (error.errcode === 'M_FORBIDDEN' || error.errcode === 'M_INVALID_USERNAME');
    throw isWrong ? new FailureError({ kind: 'wrong-credentials' }) : error;
  }
}

function localpart(name: string): string {
  return name.trim().replace(/^@/, '').split(':')[0] ?? '';
}
