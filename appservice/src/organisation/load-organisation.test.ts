import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadOrganisation } from './load-organisation.ts';

const reference = fileURLToPath(new URL('../../../synapse-config/organisation', import.meta.url));
const roomClasses = join(reference, 'room-classes.yaml');

const domainFile = `
id: land
name: Land Hessen
theme: land
servers: [{ name: land.hessen.test, operator: HZD, location: auf dem Landesserver }]
`;

function bodyFile(id: string, rest: string): string {
  return `id: ${id}
short: ${id}
name: Amt ${id}
server: land.hessen.test
announcers: [{ body: ${id} }]
${rest}`;
}

async function writeDeclaration(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'landbote-declaration-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries({ 'domain.yaml': domainFile, ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** `file:line path: message`, without the folder. */
async function faultsOf(files: Readonly<Record<string, string | Buffer>>, classes = roomClasses): Promise<string[]> {
  const folder = await writeDeclaration(files);
  const result = await loadOrganisation([classes, folder]);
  if (result.ok) return [];
  expect(result.diagnostics.every(({ remedy }) => remedy !== '')).toBe(true);
  return result.diagnostics.map(({ file, line, path, message }) =>
    `${file.replace(`${folder}/`, '')}:${line ?? '-'} ${path}: ${message}`.trim(),
  );
}

test.each(['land', 'polizei'])('the reference organisation of %s has no fault', async (domain) => {
  const result = await loadOrganisation([roomClasses, join(reference, domain)]);
  expect(result).toMatchObject({ ok: true, organisation: { domain: { id: domain } } });
});

test('all faults of all files are reported in one go, each with its line', async () => {
  const faults = await faultsOf({
    'bodies/a.yaml': bodyFile(
      'a',
      `people:
  - { id: landbote.zwei, name: Reserviert }
  - { id: admin-eva, name: Reserviert }
  - { id: eva.klein, name: Eva Klein, unit: fehlt }
units: [{ id: eins, name: Eins, units: [{ id: eins, name: Noch einmal }] }]
posts: [{ id: dienst, name: Dienst, unit: fehlt, holders: [niemand] }]
rooms:
  - { id: still, class: verteiler, name: Still, members: [{ body: a }] }
  - { id: paar, class: direkt, name: Paar, members: [{ unit: a/fehlt }, { post: a/fehlt }] }
  - { id: paar, class: gemeinsam, name: Paar, members: [{ person: niemand }], posters: [{ body: z }] }`,
    ),
    'bodies/b.yaml': bodyFile('a', 'partOf: z\npeople: [{ id: eva.klein, name: Eva Klein }]').replace(
      'land.',
      'fremd.',
    ),
  });
  expect(faults).toEqual([
    'bodies/a.yaml:7 people.0.id: The id landbote.zwei is reserved for administrators and bots.',
    'bodies/a.yaml:8 people.1.id: The id admin-eva is reserved for administrators and bots.',
    'bodies/a.yaml:9 people.2.unit: a has no unit fehlt.',
    'bodies/a.yaml:10 units.0.units.0.id: There is another unit of this body with the id eins.',
    'bodies/a.yaml:11 posts.0.unit: a has no unit fehlt.',
    'bodies/a.yaml:11 posts.0.holders.0: There is no person niemand.',
    'bodies/a.yaml:13 rooms.0: In a room of class verteiler nobody may write unless posters are named.',
    'bodies/a.yaml:14 rooms.1.members.0.unit: There is no unit a/fehlt.',
    'bodies/a.yaml:14 rooms.1.members.1.post: There is no post a/fehlt.',
    'bodies/a.yaml:14 rooms.1.class: A room of class direkt cannot be declared.',
    'bodies/a.yaml:15 rooms.2.id: There is another room of this body with the id paar.',
    'bodies/a.yaml:15 rooms.2.members.0.person: There is no person niemand.',
    'bodies/a.yaml:15 rooms.2.posters.0.body: There is no body z.',
    'bodies/a.yaml:15 rooms.2.posters: In a room of class gemeinsam everybody writes; posters have no effect.',
    expect.stringMatching(/^bodies\/b\.yaml:1 id: The body a is declared in .*bodies\/a\.yaml too\.$/),
    'bodies/b.yaml:4 server: The trust domain has no homeserver fremd.hessen.test.',
    'bodies/b.yaml:6 partOf: There is no body z.',
    expect.stringMatching(/^bodies\/b\.yaml:7 people\.0\.id: The person eva\.klein is declared in .*bodies\/a\.yaml/),
  ]);
});

test('a file that cannot be read does not make references to it look wrong', async () => {
  const faults = await faultsOf({
    'bodies/a.yaml': bodyFile('a', 'partOf: b'),
    'bodies/b.yaml': 'id: [b',
    'bodies/c.yaml': bodyFile('c', 'farbe: rot').replace('short: c', 'short: ""'),
    'notizen.yaml': 'x: 1',
  });
  expect(faults).toHaveLength(4);
  expect(faults.join('\n')).toMatch(/^bodies\/b\.yaml:1/m);
  expect(faults.join('\n')).toMatch(/^bodies\/c\.yaml:2 short/m);
  expect(faults.join('\n')).toMatch(/^bodies\/c\.yaml:1 : Unrecognized key: "farbe"$/m);
  expect(faults.join('\n')).toMatch(/^notizen\.yaml:- : Nothing says what this file declares\.$/m);
});

test('a missing room class is a fault, because every class needs its rules', async () => {
  const folder = await writeDeclaration({ 'room-classes.yaml': 'einheit: { title: Einheit }' });
  const result = await loadOrganisation([folder]);
  expect(result).toMatchObject({
    ok: false,
    diagnostics: expect.arrayContaining([expect.objectContaining({ path: 'dienststelle' })]),
  });
});

test('a path that leads nowhere is a fault, and so is a second domain file', async () => {
  const folder = await writeDeclaration({ 'zweite/domain.yaml': domainFile });
  const result = await loadOrganisation(['/gibt/es/nicht', roomClasses, folder]);
  expect(result).toMatchObject({
    ok: false,
    diagnostics: [{ file: '/gibt/es/nicht' }, { file: join(folder, 'zweite/domain.yaml') }],
  });
});

test('two posts with one id are a fault, in one body and not in two', async () => {
  const posts = (...ids: string[]) => `posts: [${ids.map((id) => `{ id: ${id}, name: Leitstelle }`).join(', ')}]`;
  const files = {
    'bodies/a.yaml': bodyFile('a', posts('eins', 'zwei', 'eins')),
    'bodies/b.yaml': bodyFile('b', posts('eins')),
  };
  expect(await faultsOf(files)).toEqual([
    'bodies/a.yaml:6 posts.2.id: There is another post of this body with the id eins.',
  ]);
});

test('a room that was called otherwise before is claimed by one entry only', async () => {
  const units = `units:
  - { id: eins, name: Eins }
  - { id: zwei, previously: eins, name: Zwei }
  - { id: drei, previously: null-und-nichtig, name: Drei }
  - { id: vier, previously: null-und-nichtig, name: Vier }
`;
  expect(await faultsOf({ 'bodies/a.yaml': bodyFile('a', units) })).toEqual([
    'bodies/a.yaml:8 units.1.previously: The room of eins belongs to another entry already.',
    'bodies/a.yaml:10 units.3.previously: The room of null-und-nichtig belongs to another entry already.',
  ]);
});

test('a role holds at a place that exists, and audit roles hold everywhere', async () => {
  const people = `people:
  - { id: eva.klein, name: Eva Klein, roles: [approver, { role: provisioner, scope: b }] }
  - { id: ole.gross, name: Ole Groß, roles: [{ role: approver, scope: a/fehlt }, { role: auditor, scope: a }] }
`;
  expect(await faultsOf({ 'bodies/a.yaml': bodyFile('a', people) })).toEqual([
    'bodies/a.yaml:7 people.0.roles.1.scope: There is no body or unit b.',
    'bodies/a.yaml:8 people.1.roles.0.scope: There is no body or unit a/fehlt.',
    'bodies/a.yaml:8 people.1.roles.1.scope: The role auditor holds in the whole trust domain: there is one audit trail.',
  ]);
});

test('once somebody approves, every body needs an approver', async () => {
  const people = (roles: string) => `people: [{ id: eva.klein, name: Eva Klein, roles: ${roles} }]`;
  const withRoles = (roles: string) => ({
    'bodies/a.yaml': bodyFile('a', people(roles)),
    'bodies/b.yaml': bodyFile('b', ''),
  });
  expect(await faultsOf(withRoles('[approver]'))).toEqual(['bodies/b.yaml:1 id: Nobody may approve changes of b.']);
  expect(await faultsOf(withRoles("[{ role: approver, scope: '*' }]"))).toEqual([]);
  expect(await faultsOf(withRoles('[]'))).toEqual([]);
});

test('a body that is subordinate to itself, over however many others, is a fault', async () => {
  const files = {
    'bodies/a.yaml': bodyFile('a', 'partOf: b'),
    'bodies/b.yaml': bodyFile('b', 'partOf: a'),
    'bodies/c.yaml': bodyFile('c', 'partOf: a'),
  };
  expect(await faultsOf(files)).toEqual([
    'bodies/a.yaml:6 partOf: a would be subordinate to itself, by b, a.',
    'bodies/b.yaml:6 partOf: b would be subordinate to itself, by a, b.',
  ]);
});

test('units that contain themselves by an alias are a fault, and nothing runs without end', async () => {
  const units = 'units: &units [{ id: eins, name: Eins, units: *units }]';
  expect(await faultsOf({ 'bodies/a.yaml': bodyFile('a', units) })).toEqual([
    'bodies/a.yaml:6 : The alias *units stands within what it names.',
  ]);
});

test('a body that was called otherwise before is claimed by one file only', async () => {
  const files = {
    'bodies/a.yaml': bodyFile('a', ''),
    'bodies/b.yaml': bodyFile('b', 'previously: a'),
  };
  expect(await faultsOf(files)).toEqual(['bodies/b.yaml:6 previously: The rooms of a belong to another body already.']);
});

test.each([
  [
    'a Cyrillic letter that looks like a Latin one',
    'Аnna Leit',
    'The name contains “А” (U+0410), which is no Latin letter.',
  ],
  ['a Greek letter that looks like a Latin one', 'Οtto', 'The name contains “Ο” (U+039F), which is no Latin letter.'],
  ['a space that shows nothing', 'Anna\u200bLeit', 'The name contains U+200B.'],
  ['a character that turns the direction of writing', 'Anna\u202etieL', 'The name contains U+202E.'],
  ['more than 120 characters', 'n'.repeat(121), 'Too big: expected string to have <=120 characters'],
])('a name with %s is a fault', async (_what, name, message) => {
  const people = `people: [{ id: anna.leit, name: ${JSON.stringify(name)} }]`;
  expect(await faultsOf({ 'bodies/a.yaml': bodyFile('a', people) })).toEqual([
    `bodies/a.yaml:6 people.0.name: ${message}`,
  ]);
});

test('a file in another encoding than UTF-8 is a fault, and no name is read with letters missing', async () => {
  const people = 'people:\n  - { id: anna.leit, name: Anna Leit }\n  - { id: joerg.ref, name: J\u00f6rg Ref }';
  expect(await faultsOf({ 'bodies/a.yaml': Buffer.from(bodyFile('a', people), 'latin1') })).toEqual([
    'bodies/a.yaml:8 : This line is not UTF-8; it may be Latin-1.',
  ]);
});

test('an id that makes too long a user id is a fault', async () => {
  const server = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.test`;
  const files = (id: string) => ({
    'domain.yaml': domainFile.replace('land.hessen.test', server),
    'bodies/a.yaml': bodyFile('a', `people: [{ id: ${id}, name: Anna Leit }]`).replace('land.hessen.test', server),
  });
  expect(await faultsOf(files('a'.repeat(57)))).toEqual([]);
  expect(await faultsOf(files('a'.repeat(58)))).toEqual([
    'bodies/a.yaml:6 people.0.id: The user id would have 256 characters; 255 are allowed.',
  ]);
});

test.each(['Tarek Yıldız', 'Nguyễn Thị Phương', 'Zoë O’Neill-Škoda', 'Łukasz Żółć', 'Jo\u0308rg'])(
  '%s is a name, composed however it was typed',
  async (name) => {
    const people = `people: [{ id: x.y, name: ${JSON.stringify(name)} }]`;
    const folder = await writeDeclaration({ 'bodies/a.yaml': bodyFile('a', people) });
    const result = await loadOrganisation([roomClasses, folder]);
    expect(result.ok ? result.organisation.bodies[0]?.people[0]?.name : result).toBe(name.normalize('NFC'));
  },
);

test('a class whose rooms would mix trust domains is a fault', async () => {
  const classes = (await readFile(roomClasses, 'utf8')).replace('federation: own', 'federation: agreement');
  const folder = await writeDeclaration({ 'room-classes.yaml': classes });
  const result = await loadOrganisation([folder]);
  expect(result).toMatchObject({
    ok: false,
    diagnostics: [
      {
        path: 'dienststelle.federation',
        message: 'Rooms of class dienststelle would mix trust domains.',
        remedy: 'Write federation: own.',
      },
    ],
  });
});

test('a rule names a function that somebody has, within a place that there is', async () => {
  const members = (rules: string) => `people: [{ id: eva.klein, name: Eva Klein, function: Leitung }]
rooms: [{ id: runde, class: gemeinsam, name: Runde, members: [${rules}] }]`;
  const faults = (rules: string) => faultsOf({ 'bodies/a.yaml': bodyFile('a', members(rules)) });
  expect(await faults("{ function: Leitung, within: '*' }, { role: approver, within: a }")).toEqual([]);
  expect(await faults('{ function: Leitunk, within: a/fehlt }')).toEqual([
    'bodies/a.yaml:7 rooms.0.members.0.within: There is no unit a/fehlt.',
    'bodies/a.yaml:7 rooms.0.members.0.function: There is no function Leitunk.',
  ]);
});

test('once somebody approves, somebody does on each homeserver for everything', async () => {
  const domain = domainFile.replace(
    'servers: [',
    'servers: [{ name: schule.hessen.test, operator: Schulamt, location: im Schulnetz }, ',
  );
  const approver = "people: [{ id: eva.klein, name: Eva Klein, roles: [{ role: approver, scope: '*' }] }]";
  const school = bodyFile('b', '').replace('land.', 'schule.');
  const files = { 'domain.yaml': domain, 'bodies/a.yaml': bodyFile('a', approver), 'bodies/b.yaml': school };
  expect(await faultsOf(files)).toEqual([
    'bodies/b.yaml:4 server: Nobody with an account at schule.hessen.test may approve changes of a, b.',
  ]);
  expect(
    await faultsOf({ ...files, 'bodies/b.yaml': `${school}${approver.replace('eva.klein', 'ole.gross')}` }),
  ).toEqual([]);
});

describe('rules about who may write to whom', () => {
  const domainWith = (conversations: string) => `${domainFile}conversations: ${conversations}\n`;
  const person = (role: string) => bodyFile('a', `people: [{ id: eva.klein, name: Eva, conversationRole: ${role} }]`);

  test('are taken as they are declared', async () => {
    const rules =
      '{ otherwise: amt, roles: { amt: { direkt: [amt], gruppe: [] }, kind: { direkt: [{ role: amt, within: own-body }], gruppe: [] } } }';
    expect(await faultsOf({ 'domain.yaml': domainWith(rules), 'bodies/a.yaml': person('kind') })).toEqual([]);
  });

  test('name only roles that there are', async () => {
    const rules =
      '{ otherwise: alle, roles: { amt: { direkt: [amt, kind], gruppe: [{ role: x, within: own-body }] } } }';
    expect(await faultsOf({ 'domain.yaml': domainWith(rules), 'bodies/a.yaml': person('kind') })).toEqual([
      'bodies/a.yaml:6 people.0.conversationRole: There is no conversation role kind.',
      'domain.yaml:6 conversations.otherwise: There is no conversation role alle.',
      'domain.yaml:6 conversations.roles.amt.direkt.1: There is no conversation role kind.',
      'domain.yaml:6 conversations.roles.amt.gruppe.0: There is no conversation role x.',
    ]);
  });

  test('say of both kinds of conversation whom a role reaches, even if that is nobody', async () => {
    const faults = await faultsOf({ 'domain.yaml': domainWith('{ otherwise: amt, roles: { amt: { direkt: [] } } }') });
    expect(faults.join()).toMatch(/^domain\.yaml:6 conversations\.roles\.amt\.gruppe: /);
  });

  test('are there before somebody is given a role', async () => {
    expect(await faultsOf({ 'bodies/a.yaml': person('kind') })).toEqual([
      'bodies/a.yaml:6 people.0.conversationRole: There is no conversation role kind.',
    ]);
  });
});

describe('a table of people', () => {
  const files = (table: string | Buffer) => ({
    'bodies/a.yaml': bodyFile('a', 'units: [{ id: eins, name: Eins }]'),
    'people/a.csv': table,
  });

  test('adds them to the body after which it is named', async () => {
    const folder = await writeDeclaration(
      files(
        'id,name,unit,function,roles\nanna.leit,"Leit, Anna",eins,Leitung,approver auditor\nbert.ref,Bert Ref,,,\n',
      ),
    );
    const result = await loadOrganisation([roomClasses, folder]);
    expect(result.ok ? result.organisation.bodies[0]?.people : result).toEqual([
      { id: 'anna.leit', name: 'Leit, Anna', unit: 'eins', function: 'Leitung', roles: ['approver', 'auditor'] },
      { id: 'bert.ref', name: 'Bert Ref', roles: [] },
    ]);
  });

  test.each<[string, string | Buffer, string]>([
    ['a byte order mark', '\uFEFFid,name\na.b,A B\n', 'people/a.csv:1 : The file begins with a byte order mark.'],
    ['semicolons', 'id;name\na.b;A B\n', 'people/a.csv:1 : The columns are parted by semicolons.'],
    [
      'Latin-1',
      Buffer.from('id,name\na.b,J\u00f6rg\n', 'latin1'),
      'people/a.csv:2 : This line is not UTF-8; it may be Latin-1.',
    ],
    ['no names of columns', 'a.b,A B\n', 'people/a.csv:1 : The first line must name the columns, and names a.b, A B.'],
    ['an unknown unit', 'id,name,unit\na.b,A B,fehlt\n', 'people/a.csv:2 unit: a has no unit fehlt.'],
    ['an unknown role', 'id,name,roles\na.b,A B,chef\n', 'people/a.csv:2 roles.0: Invalid input'],
    [
      'a conversation role that there is not',
      'id,name,conversationRole\na.b,A B,kind\n',
      'people/a.csv:2 conversationRole: There is no conversation role kind.',
    ],
    [
      'a name of other letters',
      'id,name\na.b,\u0410nna\n',
      'people/a.csv:2 name: The name contains “\u0410” (U+0410), which is no Latin letter.',
    ],
  ])('with %s is a fault with its line, and nothing of it counts', async (_what, table, fault) => {
    expect(await faultsOf(files(table))).toEqual([fault]);
  });

  test('with too few columns in a row is a fault', async () => {
    expect((await faultsOf(files('id,name\na.b\n'))).join()).toMatch(/^people\/a\.csv:2 : Invalid Record Length/);
  });

  test('of a body that there is not is a fault', async () => {
    const declared = { 'bodies/a.yaml': bodyFile('a', ''), 'people/z.csv': 'id,name\na.b,A B\n' };
    expect(await faultsOf(declared)).toEqual(['people/z.csv:- : There is no body z.']);
  });
});
