/** The administration's command line, as people use it: four eyes on a real homeserver. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StackPerson } from '#stack/stack-file.ts';
import { sendText } from '#test/harness/matrix/rooms.ts';
import { signIn } from '#test/harness/matrix/session.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { roomWithSchools, schoolUnit } from '../federation/rooms.ts';
import { somebody } from '../federation/running-stack.ts';
import { provisionedHomeserver, type ProvisionedHomeserver } from './people-of-the-stack.ts';
import { runCli, type CliResult } from './run-cli.ts';

let land: ProvisionedHomeserver;
let folder: string;

beforeAll(async () => {
  land = await provisionedHomeserver('land.hessen.test');
  folder = await mkdtemp(join(tmpdir(), 'landbote-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

function person(localpart: string): StackPerson {
  const found = land.domain.people.find(({ userId }) => userId.startsWith(`@${localpart}:`));
  if (found === undefined) throw new Error(`the stack has nobody called ${localpart}`);
  return found;
}

/** The homeserver lets one person sign in ten times in a row and then makes them wait: so nobody does more often. */
function landbote(localpart: string, ...words: readonly string[]): Promise<CliResult> {
  const { clientApiUrl } = land.domain;
  return runCli({ ...person(localpart), clientApiUrl, appserviceUrl: land.appserviceUrl }, words);
}

async function replaceIn(name: string, before: string, after: string): Promise<void> {
  const path = join(folder, name);
  const text = await readFile(path, 'utf8');
  expect(text).toContain(before);
  await writeFile(path, text.replace(before, after));
}

test('a change is taken from files, planned, approved by somebody else and carried out', async () => {
  expect(await landbote('ioana.petrescu', 'organisation', folder)).toMatchObject({ code: 0 });
  await replaceIn('bodies/hmind.yaml', 'Digitale Verwaltung', 'Digitale Verwaltung und Register');
  const planned = await landbote('ioana.petrescu', 'plan', '--aus', folder);
  expect(planned.text).toContain('benennt 1 Raum um');
  expect(planned.text).toContain('Es fehlt die Freigabe für hmind/referat-d-1');
  const [, digest = ''] = /^Plan ([0-9a-f]{64})$/m.exec(planned.text) ?? [];
  expect(await landbote('ioana.petrescu', 'approve', digest)).toMatchObject({ code: 1 });
  expect(await landbote('carla.boltenhagen', 'approve', digest)).toEqual({
    code: 0,
    text: 'Freigegeben. Der Plan wird umgesetzt; „apply“ zeigt, wie weit das ist.\n',
  });
  expect(await landbote('carla.boltenhagen', 'approve', digest)).toMatchObject({
    code: 1,
    text: expect.stringContaining('schon entschieden'),
  });
});

test('going back to an earlier revision is a plan like any other, and the room is called as before', async () => {
  expect(await landbote('carla.boltenhagen', 'apply')).toMatchObject({ code: 0 });
  await landbote('ioana.petrescu', 'organisation', folder);
  expect(await readFile(join(folder, 'bodies/hmind.yaml'), 'utf8')).toContain('Digitale Verwaltung und Register');

  const planned = await landbote('ioana.petrescu', 'plan', '--zurueck', '1');
  expect(planned.text).toContain('benennt 1 Raum um');
  const [, digest = ''] = /^Plan ([0-9a-f]{64})$/m.exec(planned.text) ?? [];
  expect(await landbote('carla.boltenhagen', 'approve', digest)).toMatchObject({ code: 0 });
  const { text } = await landbote('carla.boltenhagen', 'apply');
  expect(text).toContain('vollständig umgesetzt (1 von 1)');
  await landbote('ioana.petrescu', 'organisation', folder);
  const restored = await readFile(join(folder, 'bodies/hmind.yaml'), 'utf8');
  expect(restored).toContain('Digitale Verwaltung');
  expect(restored).not.toContain('und Register');
});

test('an administrator of one ministry cannot hand in a change of another', async () => {
  await landbote('ioana.petrescu', 'organisation', folder);
  await replaceIn('bodies/hmdf.yaml', 'Finanzen', 'Finanzen und Steuern');
  expect(await landbote('ioana.petrescu', 'plan', '--aus', folder)).toMatchObject({
    code: 1,
    text: expect.stringContaining('body/hmdf: This concerns hmdf.'),
  });
});

test('what the homeserver has is drafted as the organisation in force: proposed, it changes nothing', async () => {
  const drafted = join(folder, 'drafted');
  expect(await landbote('ioana.petrescu', 'dump', drafted)).toMatchObject({ code: 1 });
  expect((await landbote('yusuf.cetin', 'dump', drafted)).text).toContain(`Dateien geschrieben nach ${drafted}.`);
  expect(await landbote('yusuf.cetin', 'plan', '--aus', drafted)).toEqual({
    code: 0,
    text: 'Das gilt schon: Es gibt nichts zu ändern.\n',
  });
});

test('faults in files are told with file and line, and nothing is sent', async () => {
  await landbote('yusuf.cetin', 'organisation', folder);
  await replaceIn('bodies/hmind.yaml', 'unit: referat-d-1', 'unit: referat-d-9');
  expect(await landbote('yusuf.cetin', 'plan', '--aus', folder)).toMatchObject({
    code: 1,
    text: expect.stringMatching(/hmind\.yaml:\d+ people\.0\.unit: hmind has no unit referat-d-9/),
  });
});

test('an auditor verifies the trail, in which every approval and refusal stands', async () => {
  expect(await landbote('wolfram.eickhoff', 'audit', 'verify')).toMatchObject({
    code: 0,
    text: expect.stringContaining('unversehrt'),
  });
  const { text } = await landbote('wolfram.eickhoff', 'audit', 'export');
  const actions = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).action);
  expect(actions).toEqual(expect.arrayContaining(['revision.proposed', 'plan.approved', 'request.refused']));
});

test('an auditor is told what of a room was handed to which server, and what never was', async () => {
  const { userId, password } = somebody(land.domain, ({ unit }) => unit === schoolUnit);
  const session = await signIn(land.domain.clientApiUrl, userId, password);
  const { roomId } = await roomWithSchools(session);
  const eventId = await sendText(session, roomId, 'an die Schulen');
  const at = (server: string) => landbote('wolfram.eickhoff', 'ledger', roomId, '--empfaenger', server);
  const line = `  /send  schule.hessen.test  ${eventId}`;
  await waitUntil('the delivery in the ledger', async () =>
    (await at('schule.hessen.test')).text.includes(line) ? true : undefined,
  );
  expect(await at('polizei.hessen.test')).toEqual({
    code: 0,
    text: `Aus ${roomId} wurde nie etwas an polizei.hessen.test übergeben.\n`,
  });
  expect((await landbote('wolfram.eickhoff', 'ledger', 'verify')).text).toContain('unversehrt');
  expect((await landbote('yusuf.cetin', 'ledger', roomId)).code).toBe(1);
});

test('who is no auditor does not read it, and a wrong password opens nothing', async () => {
  expect(await landbote('carla.boltenhagen', 'audit', 'verify')).toMatchObject({ code: 1 });
  const { userId } = person('wolfram.eickhoff');
  const stranger = { ...land.domain, people: [{ ...person('wolfram.eickhoff'), userId, password: 'wrong' }] };
  land = { ...land, domain: stranger };
  expect(await landbote('wolfram.eickhoff', 'audit', 'verify')).toEqual({
    code: 1,
    text: 'Benutzer-ID oder Passwort stimmt nicht.\n',
  });
});
