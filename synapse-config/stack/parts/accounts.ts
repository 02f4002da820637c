/**
 * Accounts of a stack's invented people: Synapse's admin API, called as an admin that shared-secret registration
 * made. Passwords are kept in the homeserver's folder, so that a second start finds everybody as they were.
 */
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { z } from 'zod';
import { userIdOf, type ServerName, type UserId } from '#contract/ids.ts';
import { keptSecret, randomPassword, readIfPresent, writePrivateFile } from '../files.ts';

export interface AccountWish {
  readonly userId: UserId;
  readonly name: string;
}

export interface AccountHome {
  readonly serverName: ServerName;
  readonly clientApiUrl: string;
  /** Where passwords are kept. */
  readonly folder: string;
  readonly registrationSecret: string;
}

const passwordsSchema = z.record(z.string(), z.string());
const nonceSchema = z.object({ nonce: z.string() });
const signedInSchema = z.object({ access_token: z.string() });
const adminLocalpart = 'admin-stack';
const concurrency = 4;

/**
 * Creates the accounts that are not there yet. Returns everybody's password by user id.
 * Throws if the homeserver refuses.
 */
export async function ensureAccounts(
  home: AccountHome,
  people: readonly AccountWish[],
  onDetail: (text: string) => void,
): Promise<ReadonlyMap<UserId, string>> {
  const passwordsPath = join(home.folder, 'passwords.json');
  const kept = passwordsSchema.parse(JSON.parse((await readIfPresent(passwordsPath)) ?? '{}'));
  const missing = people.filter(({ userId }) => !(userId in kept));
  if (missing.length > 0) {
    const created = await createAccounts(home, missing, onDetail);
    await writePrivateFile(passwordsPath, JSON.stringify({ ...kept, ...Object.fromEntries(created) }, null, 2));
    return ensureAccounts(home, people, onDetail);
  }
  return new Map(people.map(({ userId }) => [userId, kept[userId] ?? '']));
}

async function createAccounts(
  home: AccountHome,
  people: readonly AccountWish[],
  onDetail: (text: string) => void,
): Promise<readonly (readonly [UserId, string])[]> {
  const accessToken = await adminAccessToken(home);
  const limit = pLimit(concurrency);
  let done = 0;
  const create = async (person: AccountWish): Promise<readonly [UserId, string]> => {
    const password = randomPassword();
    await putAccount(home, accessToken, person, password);
    onDetail(`${++done} of ${people.length}`);
    return [person.userId, password];
  };
  return Promise.all(people.map((person) => limit(create, person)));
}

/** `PUT /_synapse/admin/v2/users/{userId}`. */
async function putAccount(
  home: AccountHome,
  accessToken: string,
  { userId, name }: AccountWish,
  password: string,
): Promise<void> {
  await callHomeserver(
    home,
    'PUT',
    `/_synapse/admin/v2/users/${encodeURIComponent(userId)}`,
    { password, displayname: name },
    accessToken,
  );
}

async function adminAccessToken(home: AccountHome): Promise<string> {
  const tokenPath = join(home.folder, 'admin-access-token');
  const kept = await readIfPresent(tokenPath);
  if (kept !== null) return kept;
  const password = await keptSecret(join(home.folder, 'admin-password'), randomPassword);
  const token = await registerAdmin(home, password).catch(() => signInAdmin(home, password));
  await writePrivateFile(tokenPath, token);
  return token;
}

/** Synapse's shared-secret registration: `POST /_synapse/admin/v1/register`. */
async function registerAdmin(home: AccountHome, password: string): Promise<string> {
  const path = '/_synapse/admin/v1/register';
  const { nonce } = nonceSchema.parse(await callHomeserver(home, 'GET', path));
  const mac = createHmac('sha1', home.registrationSecret)
    .update([nonce, adminLocalpart, password, 'admin'].join('\0'))
    .digest('hex');
  const answer = await callHomeserver(home, 'POST', path, {
    nonce,
    username: adminLocalpart,
    password,
    admin: true,
    mac,
  });
  return signedInSchema.parse(answer).access_token;
}

async function signInAdmin(home: AccountHome, password: string): Promise<string> {
  const identifier = { type: 'm.id.user', user: userIdOf(adminLocalpart, home.serverName) };
  const answer = await callHomeserver(home, 'POST', '/_matrix/client/v3/login', {
    type: 'm.login.password',
    identifier,
    password,
  });
  return signedInSchema.parse(answer).access_token;
}

async function callHomeserver(
  home: AccountHome,
  method: string,
  path: string,
  body?: unknown,
  accessToken?: string,
): Promise<unknown> {
  const response = await fetch(`${home.clientApiUrl}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(accessToken && { authorization: `Bearer ${accessToken}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(`${home.serverName} answered ${response.status} to ${method} ${path}: ${await response.text()}`);
  return response.json();
}
