/**
 * What the appservice's tokens may do, as the only layer (docs/wall.md, layer 9): the one of the bot acts for nobody else, the
 * one that joins people acts for no administrator, and neither opens the admin API. Whoever steals one has no more.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { land as landName, polizei, readRunningStack, runningHomeserver } from '../running-stack.ts';
import { askAdminApi, serverAdminOf, type ServerAdmin } from '../server-admin.ts';
import { startLayeredLand, type LayeredLand } from './layered-land.ts';

const configSchema = z.object({ app_service_config_files: z.array(z.string()) });
const registrationSchema = z.object({ sender_localpart: z.string(), as_token: z.string() });

let land: LayeredLand;
let admin: ServerAdmin;
const tokens = new Map<string, string>();

beforeAll(async () => {
  const original = await runningHomeserver(await readRunningStack(), landName);
  land = await startLayeredLand({ whitelist: false, policyUrl: null });
  admin = await serverAdminOf(original, land.copy.clientApiUrl);
  const config = configSchema.parse(parse(await readFile(join(original.folder, 'homeserver.yaml'), 'utf8')));
  for (const path of config.app_service_config_files) {
    const registration = registrationSchema.parse(parse(await readFile(path, 'utf8')));
    tokens.set(registration.sender_localpart, registration.as_token);
  }
  return () => land.close();
});

/** Asks who one is, with an appservice's token in the name of `userId`. */
async function actAs(sender: string, userId: string): Promise<number> {
  const path = `/_matrix/client/v3/account/whoami?user_id=${encodeURIComponent(userId)}`;
  const headers = { Authorization: `Bearer ${tokens.get(sender)}` };
  return (await fetch(new URL(path, land.copy.clientApiUrl), { headers })).status;
}

/** As whoever the token stands for, or in somebody's name. */
async function openAdminApi(sender: string, userId?: string): Promise<number> {
  const query = userId === undefined ? '' : `?user_id=${encodeURIComponent(userId)}`;
  const token = tokens.get(sender) ?? '';
  return (await askAdminApi(land.copy.clientApiUrl, token, 'GET', `/rooms${query}`)).status;
}

describe.each(['landbote', 'landbote-people'])('the token of %s', (sender) => {
  test('acts for its own bot: the control', async () => {
    expect(await actAs(sender, `@${sender}:${landName}`)).toBe(200);
  });

  test('acts for no administrator, and for nobody of another server', async () => {
    expect(await actAs(sender, admin.userId)).toBe(403);
    expect(await actAs(sender, `@kundschafter:${polizei}`)).toBe(403);
  });

  test('does not open the admin API', async () => {
    expect(await openAdminApi(sender)).toBe(403);
    expect(await openAdminApi(sender, admin.userId)).toBe(403);
  });
});

test('people are acted for by the second token alone', async () => {
  expect(await actAs('landbote-people', land.resident.userId)).toBe(200);
  expect(await actAs('landbote', land.resident.userId)).toBe(403);
});

test('an administrator’s own token opens the admin API: the control', async () => {
  expect((await askAdminApi(land.copy.clientApiUrl, admin.accessToken, 'GET', '/rooms')).status).toBe(200);
});
