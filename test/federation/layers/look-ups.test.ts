/**
 * What homeserver.yaml refuses to tell other servers, with the whitelist and all else off (docs/wall.md, layer 4): who
 * exists and is called how, which rooms there are, and what people call their devices.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ServerName } from '#contract/ids.ts';
import { sendFederationRequest } from '#test/harness/federation/federation-client.ts';
import { encode, get } from '../doors/door.ts';
import { fremd, polizei, schule } from '../running-stack.ts';
import { startLayeredLand, type LayeredLand } from './layered-land.ts';

let land: LayeredLand;
const deviceName = 'Telefon von zu Hause';

beforeAll(async () => {
  land = await startLayeredLand({ whitelist: false, policyUrl: null });
  const { body } = await land.resident.request('GET', '/v3/account/whoami');
  const { device_id: device } = z.object({ device_id: z.string() }).parse(body);
  const named = await land.resident.request('PUT', `/v3/devices/${device}`, { display_name: deviceName });
  expect(named.status).toBe(200);
  return () => land.close();
});

describe.each<ServerName>([polizei, fremd, schule])('%s', (server) => {
  const ask = async (path: string) => {
    const { signer } = land.peer(server);
    const { status, body } = await sendFederationRequest(get(path), signer, land.copy.target);
    return { status, body };
  };

  test('gets the same answer about somebody who exists and somebody who does not', async () => {
    const profileOf = (person: string) => ask(`/v1/query/profile?user_id=${encode(person)}`);
    const answer = await profileOf(land.resident.userId);
    const error = 'Profile lookup over federation is disabled on this homeserver';
    expect(answer).toMatchObject({ status: 403, body: { error } });
    expect(await profileOf(`@niemand:${land.copy.target.serverName}`)).toEqual(answer);
  });

  test('is not shown the room directory', async () => {
    expect(await ask('/v1/publicRooms')).toMatchObject({ status: 403 });
  });

  test('is told of devices what encryption needs, and not how people call them', async () => {
    const { status, body } = await ask(`/v1/user/devices/${encode(land.resident.userId)}`);
    expect({ status, body }).toMatchObject({ status: 200, body: { user_id: land.resident.userId } });
    expect(JSON.stringify(body)).not.toContain(deviceName);
  });
});
