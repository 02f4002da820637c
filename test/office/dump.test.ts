/** An organisation drafted from a homeserver on which people made spaces and rooms themselves, down to its being real. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { loadOrganisation } from '#appservice/organisation/load-organisation.ts';
import { readConfig } from '#appservice/config.ts';
import { roomIdSchema, userIdSchema, type RoomId, type UserId } from '#contract/ids.ts';
import { accepted, roomPath } from '#test/harness/matrix/rooms.ts';
import { signIn, type MatrixSession } from '#test/harness/matrix/session.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { startAllowingPolicy } from '../bench/allowing-policy.ts';
import { openOperator, type Operator } from './operator.ts';
import { runCli, type CliResult } from '../integration/run-cli.ts';
import { startSmallOffice, type SmallOffice } from './small-office.ts';

const at = (localpart: string): UserId => userIdSchema.parse(`@${localpart}:polizei.hessen.test`);
const [bot, anna, berta, mia, ole] = [
  at('landbote'),
  at('anna.dienst'),
  at('berta.leit'),
  at('mia.streife'),
  at('ole.neu'),
];
// As the operator calls their accounts.
const body = `
id: wache
short: Wache
name: Polizeiwache
server: polizei.hessen.test
units: [{ id: streife, name: Streife }]
people:
  - { id: anna.dienst, name: anna.dienst, unit: streife, roles: [{ role: provisioner, scope: '*' }] }
  - { id: berta.leit, name: berta.leit, roles: [{ role: approver, scope: '*' }] }
announcers: [{ person: berta.leit }]
rooms:
  - { id: dienstplan, class: lage, name: Dienstplan, unit: streife, members: [{ unit: wache/streife }, { person: berta.leit }] }
`;

let office: SmallOffice;
let operator: Operator;
let drafts: string;
let addresses: { readonly clientApiUrl: string; readonly appserviceUrl: string };

beforeAll(async () => {
  office = await startSmallOffice(body);
  drafts = await mkdtemp(join(tmpdir(), 'landbote-dump-'));
  const { homeserverUrl, listen } = await readConfig(office.configPath);
  addresses = { clientApiUrl: homeserverUrl, appserviceUrl: `http://127.0.0.1:${listen.api.port}` };
  operator = await openOperator(office, [anna, berta, mia, ole], bot);
}, 120_000);
afterAll(async () => {
  await rm(drafts, { recursive: true });
  await office.stop();
});

function landbote(userId: UserId, ...words: readonly string[]): Promise<CliResult> {
  return runCli({ userId, password: operator.passwordOf(userId), ...addresses }, words);
}

async function dump(name: string): Promise<{ readonly folder: string; readonly text: string }> {
  const folder = join(drafts, name);
  const { code, text } = await landbote(anna, 'dump', folder);
  expect(code).toBe(0);
  return { folder, text };
}

const createdSchema = z.object({ room_id: roomIdSchema });

async function createRoom(session: MatrixSession, request: object): Promise<RoomId> {
  return createdSchema.parse(accepted(await session.request('POST', '/v3/createRoom', request))).room_id;
}

/** As people would have done before there was an appservice: nobody asks it. */
async function makeByHand(): Promise<{ readonly room: RoomId }> {
  await office.stopAppservice();
  const policy = await startAllowingPolicy((await readConfig(office.configPath)).listen.homeserver.port);
  const owner = await signIn(addresses.clientApiUrl, mia, operator.passwordOf(mia));
  const guest = await signIn(addresses.clientApiUrl, ole, operator.passwordOf(ole));
  const space = (name: string) => createRoom(owner, { name, creation_content: { type: 'm.space' }, invite: [ole] });
  const [top, below] = [await space('Reiterstaffel'), await space('Stall')];
  const room = await createRoom(owner, { name: 'Futterplan', topic: 'Wer füttert', invite: [ole] });
  await createRoom(owner, { name: 'Ohne Space' });
  await createRoom(owner, { invite: [ole], is_direct: true });
  for (const [parent, child] of [
    [top, below],
    [below, room],
  ] as const) {
    const link = { via: ['polizei.hessen.test'] };
    accepted(await owner.request('PUT', roomPath(parent, `state/m.space.child/${encodeURIComponent(child)}`), link));
  }
  for (const joined of [top, room]) accepted(await guest.request('POST', roomPath(joined, 'join'), {}));
  accepted(await guest.request('POST', roomPath(below, 'leave'), {}));
  await policy.close();
  await office.startAppservice();
  return { room };
}

test('of what was carried out the draft says the same again, and proposed it changes nothing', async () => {
  const { folder, text } = await dump('carried-out');
  expect(text).not.toContain('Wache');
  expect(await landbote(anna, 'plan', '--aus', folder)).toEqual({
    code: 0,
    text: 'Das gilt schon: Es gibt nichts zu ändern.\n',
  });
});

test('what people made is drafted beside it, told, proposed, approved and made real; their own rooms stay', async () => {
  const { room } = await makeByHand();
  const { folder, text } = await dump('by-hand');
  expect(text).toMatch(/nicht im Entwurf. Anzahl:\n {2}1\n/);
  expect(text).toContain(`  Futterplan (${room}) → gemeinsam`);
  expect(text).toMatch(/in keinem Space liegen.*\n {2}Ohne Space \(/);

  const loaded = await loadOrganisation([folder]);
  expect(loaded.ok && loaded.organisation.bodies).toMatchObject([
    {
      id: 'reiterstaffel',
      units: [{ id: 'stall', name: 'Stall' }],
      people: [{ id: 'mia.streife', unit: 'stall' }, { id: 'ole.neu' }],
      announcers: [{ person: 'mia.streife' }],
      rooms: [
        {
          id: 'futterplan',
          class: 'gemeinsam',
          topic: 'Wer füttert',
          unit: 'stall',
          members: [{ body: 'reiterstaffel' }],
        },
      ],
    },
    {
      id: 'wache',
      people: [{ id: 'anna.dienst', roles: [{ role: 'provisioner', scope: '*' }] }, { id: 'berta.leit' }],
    },
  ]);

  const planned = (await landbote(anna, 'plan', '--aus', folder)).text;
  expect(planned).toContain('legt 4 Räume an');
  expect(planned).not.toMatch(/entfernt|benennt|ändert den Schutz/);
  const [, digest = ''] = /^Plan ([0-9a-f]{64})$/m.exec(planned) ?? [];
  expect(await landbote(berta, 'approve', digest)).toMatchObject({ code: 0 });
  const made = await waitUntil('the new room with its people', async () => {
    const roomId = await office.roomAt('room/reiterstaffel/+futterplan').catch(() => null);
    return roomId !== null && office.membershipOf(roomId, ole) === 'join' ? roomId : undefined;
  });
  expect(office.membershipOf(made, mia)).toBe('join');
  expect(made).not.toBe(room);
  expect([mia, ole].map((person) => office.membershipOf(room, person))).toEqual(['join', 'join']);
});
