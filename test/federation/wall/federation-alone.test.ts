/**
 * The listener that other servers reach serves federation and nothing else (W38): no client API, no admin API. The
 * control beside each is the listener of this side, which does.
 */
import { beforeAll, expect, test } from 'vitest';
import { sendFederationRequest } from '#test/harness/federation/federation-client.ts';
import { land, readRunningStack, runningHomeserver, type RunningHomeserver } from '../running-stack.ts';

let ministry: RunningHomeserver;

beforeAll(async () => {
  ministry = await runningHomeserver(await readRunningStack(), land);
});

test.each([
  { uri: '/_matrix/client/versions', inside: 200 },
  { uri: '/_matrix/client/v3/sync', inside: 401 },
  { uri: '/_synapse/admin/v1/rooms', inside: 401 },
  { uri: '/_synapse/admin/v1/server_version', inside: 200 },
  { uri: '/_synapse/admin/v2/users', inside: 401 },
])('$uri is unknown there, and answered with $inside inside', async ({ uri, inside }) => {
  expect((await sendFederationRequest({ method: 'GET', uri }, null, ministry.target)).status).toBe(404);
  expect((await fetch(new URL(uri, ministry.domain.clientApiUrl))).status).toBe(inside);
});
