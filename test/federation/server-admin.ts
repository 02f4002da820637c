/** The administrator of a homeserver, with Synapse's admin API. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { userIdOf } from '#contract/ids.ts';
import { sessionOf, type ClientAnswer, type MatrixSession } from '#test/harness/matrix/session.ts';
import type { RunningHomeserver } from './running-stack.ts';

export interface ServerAdmin extends MatrixSession {
  /** @param path below `/_synapse/admin/v1` */
  post(path: string, body: object): Promise<ClientAnswer>;
}

/** @param clientApiUrl the homeserver's own, or that of a copy, which has the same accounts */
export async function serverAdminOf(
  { domain, folder }: RunningHomeserver,
  clientApiUrl: string = domain.clientApiUrl,
): Promise<ServerAdmin> {
  const token = (await readFile(join(folder, 'admin-access-token'), 'utf8')).trim();
  return {
    ...sessionOf(clientApiUrl, userIdOf('admin-stack', domain.serverName), token),
    post: (path, body) => askAdminApi(clientApiUrl, token, 'POST', path, body),
  };
}

/** Sends one request to the admin API with whatever token, and gives the answer. */
export async function askAdminApi(
  clientApiUrl: string,
  token: string,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<ClientAnswer> {
  const answer = await fetch(new URL(`/_synapse/admin/v1${path}`, clientApiUrl), {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}
