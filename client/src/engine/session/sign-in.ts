import { z } from 'zod';
import { FailureError } from '../failures.ts';
import { HomeserverError } from '../matrix/homeserver-api.ts';
import { sendRequest } from '../matrix/send-request.ts';
import type { Credentials } from '../protocol.ts';
import { newStorageKey, type SessionRecord } from './session-record.ts';

const answerSchema = z.object({
  user_id: z.string(),
  device_id: z.string(),
  access_token: z.string(),
  refresh_token: z.string().optional(),
});

/**
 * Signs in by password (client-server API, "Login").
 * @param kept the session that this device had before: the same person takes up its device and keys again, so that
 * its messages stay readable.
 * @throws FailureError `wrong-credentials`; HomeserverError; UnreachableError.
 */
export async function signInWithPassword(
  homeserverUrl: string,
  credentials: Credentials,
  kept: SessionRecord | null,
): Promise<SessionRecord> {
  const resumed = kept && localpart(kept.userId) === localpart(credentials.name) ? kept : null;
  const answer = await logIn(homeserverUrl, credentials, resumed?.deviceId);
  return {
    userId: answer.user_id,
    deviceId: answer.device_id,
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? null,
    storageKey: resumed?.storageKey ?? newStorageKey(),
    isSharedComputer: credentials.isSharedComputer,
  };
}

async function logIn(homeserverUrl: string, credentials: Credentials, deviceId: string | undefined) {
  const deviceName = credentials.isSharedComputer ? 'Landbote an gemeinsamem Computer' : 'Landbote im Browser';
  try {
    const answer = await sendRequest(homeserverUrl, null, 'POST', '/_matrix/client/v3/login', {
      body: {
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user: credentials.name.trim() },
        password: credentials.password,
        initial_device_display_name: deviceName,
        refresh_token: true,
        ...(deviceId === undefined ? {} : { device_id: deviceId }),
      },
    });
    return answerSchema.parse(answer);
  } catch (error) {
    throw isWrong(error) ? new FailureError({ kind: 'wrong-credentials' }) : error;
  }
}

function isWrong(error: unknown): boolean {
  return error instanceof HomeserverError && ['M_FORBIDDEN', 'M_INVALID_USERNAME'].includes(error.errcode);
}

function localpart(name: string): string {
  return name.trim().replace(/^@/, '').split(':')[0] ?? '';
}
