/**
 * Both domains are walled alike: an everyday room of the police is protected by the very same state as one of the ministries,
 * but for the server's name (docs/wall.md, layers 0 to 3). The configuration is compared in render.test.ts.
 */
import { expect, test } from 'vitest';
import type { ServerName } from '#contract/ids.ts';
import { readState } from '#test/harness/matrix/rooms.ts';
import { useResidents } from '../residents.ts';
import { unitRoom } from '../rooms.ts';
import { land, polizei, readRunningStack, runningHomeserver } from '../running-stack.ts';

const residentOf = useResidents();

const protecting = [
  'm.room.server_acl',
  'm.room.power_levels',
  'm.room.join_rules',
  'm.room.guest_access',
  'm.room.history_visibility',
  'm.room.encryption',
];

/** State that protects the room of a unit, without the server's name. */
async function protectionAt(name: ServerName): Promise<ReadonlyMap<string, unknown>> {
  const resident = await residentOf(await runningHomeserver(await readRunningStack(), name));
  const state = await readState(resident, (await unitRoom(resident)).roomId);
  const nameless: typeof state = JSON.parse(JSON.stringify(state).replaceAll(name, 'server'));
  const contentOf = (type: string) => nameless.find((event) => event.type === type && event.state_key === '')?.content;
  const { 'm.federate': federates, room_version: version } = contentOf('m.room.create') ?? {};
  return new Map<string, unknown>([
    ['birth', { federates, version }],
    ...protecting.map((type): [string, unknown] => [type, contentOf(type)]),
  ]);
}

test('a room of the police is protected as one of the ministries is', async () => {
  const ofLand = await protectionAt(land);
  expect(await protectionAt(polizei)).toEqual(ofLand);
  expect(ofLand.get('birth')).toEqual({ federates: false, version: '12' });
  expect(ofLand.get('m.room.server_acl')).toEqual({ allow: ['server'], deny: [], allow_ip_literals: false });
  expect(ofLand.get('m.room.join_rules')).toMatchObject({ join_rule: 'invite' });
  expect(ofLand.get('m.room.guest_access')).toEqual({ guest_access: 'forbidden' });
  expect(ofLand.get('m.room.encryption')).toMatchObject({ algorithm: 'm.megolm.v1.aes-sha2' });
  expect(ofLand.get('m.room.power_levels')).toMatchObject({
    users_default: 0,
    invite: 100,
    kick: 100,
    ban: 100,
    redact: 100,
    state_default: 100,
    events: { 'm.room.server_acl': 150, 'm.room.power_levels': 150, 'm.room.tombstone': 150, 'm.space.child': 150 },
  });
});
