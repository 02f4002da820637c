/** Who may write to whom by role, on a real homeserver: what is refused makes no room, neither by the API nor beside it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conversationSchema, type NewConversation } from '#contract/api.ts';
import { conversationRulesSchema } from '#contract/conversation-rules.ts';
import { userIdSchema, type UserId } from '#contract/ids.ts';
import { readConfig } from '#appservice/config.ts';
import { signIn, type MatrixSession } from '#test/harness/matrix/session.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { signInToApi, type ApiSession } from '../integration/api-session.ts';
import { openOperator } from './operator.ts';
import { startSmallOffice, type SmallOffice } from './small-office.ts';

const idOf = (name: string): UserId => userIdSchema.parse(`@${name}:polizei.hessen.test`);
const bot = idOf('landbote');
const [pupil, classmate, teacher, parent] = [idOf('kim.acht'), idOf('lou.acht'), idOf('tom.lehrer'), idOf('eva.acht')];
const body = `
id: schule
short: Schule
name: Schule am Wald
server: polizei.hessen.test
people:
  - { id: kim.acht, name: Kim Acht, conversationRole: kind }
  - { id: lou.acht, name: Lou Acht, conversationRole: kind }
  - { id: tom.lehrer, name: Tom Lehrer }
  - { id: eva.acht, name: Eva Acht, conversationRole: elternteil }
announcers: [{ person: tom.lehrer }]
`;
const ownTeachers = [{ role: 'lehrkraft', within: 'own-body' }];
const everybody = ['lehrkraft', 'kind', 'elternteil'];
const conversations = conversationRulesSchema.parse({
  otherwise: 'lehrkraft',
  roles: {
    lehrkraft: { direkt: everybody, gruppe: everybody },
    kind: { direkt: ownTeachers, gruppe: [] },
    elternteil: { direkt: ownTeachers, gruppe: [] },
  },
});

interface Seat {
  readonly matrix: MatrixSession;
  readonly api: ApiSession;
}

let office: SmallOffice;
let pupilsSeat: Seat;
let teachersSeat: Seat;

beforeAll(async () => {
  office = await startSmallOffice(body, { conversations });
  const { passwordOf } = await openOperator(office, [pupil, teacher], bot);
  const { homeserverUrl } = await readConfig(office.configPath);
  const sit = async (person: UserId): Promise<Seat> => {
    const matrix = await signIn(homeserverUrl, person, passwordOf(person));
    return { matrix, api: await signInToApi(`http://127.0.0.1:${office.appservice().ports.api}`, matrix) };
  };
  [pupilsSeat, teachersSeat] = [await sit(pupil), await sit(teacher)];
});
afterAll(() => office.stop());

function start({ api }: Seat, wanted: NewConversation) {
  return api.request('POST', '/conversations', wanted);
}

async function auditRows(action: 'request.refused' | 'wall.refused', actor: UserId): Promise<unknown[]> {
  const rows = await office
    .appservice()
    .store.db.selectFrom('audit')
    .select('detail')
    .where('action', '=', action)
    .where('actor', '=', actor)
    .execute();
  return rows.map(({ detail }) => JSON.parse(detail));
}

async function untilIn(roomId: string, people: readonly UserId[]): Promise<void> {
  for (const person of people) {
    await waitUntil(`the join of ${person}`, () => (office.membershipOf(roomId, person) === 'join' ? true : undefined));
  }
}

test.each<[string, NewConversation, UserId]>([
  ['a classmate', { class: 'direkt', with: classmate }, classmate],
  ['somebody’s parent', { class: 'direkt', with: parent }, parent],
  ['a teacher in a group', { class: 'gruppe', name: 'Wir', people: [teacher] }, teacher],
])('a pupil starts nothing with %s: no room, and a row in the audit trail', async (_who, wanted, other) => {
  const rooms = office.roomIds();
  expect(await start(pupilsSeat, wanted)).toMatchObject({
    status: 403,
    body: { code: 'conversation.refused-by-policy', problems: [{ path: other }] },
  });
  expect(office.roomIds()).toEqual(rooms);
  expect((await auditRows('request.refused', pupil)).at(-1)).toMatchObject({
    code: 'conversation.refused-by-policy',
    problems: [{ path: other }],
  });
});

test('a pupil starts a chat with a teacher, and a teacher a group with pupils and a parent: one room each', async () => {
  const rooms = office.roomIds();
  const direct = conversationSchema.parse((await start(pupilsSeat, { class: 'direkt', with: teacher })).body);
  const people = [pupil, classmate, parent];
  const group = conversationSchema.parse(
    (await start(teachersSeat, { class: 'gruppe', name: 'Ausflug', people })).body,
  );
  await untilIn(direct.roomId, [pupil, teacher]);
  await untilIn(group.roomId, [teacher, ...people]);
  expect(new Set(office.roomIds())).toEqual(new Set([...rooms, direct.roomId, group.roomId]));
});

test.each([
  ['pupil', () => pupilsSeat],
  ['teacher', () => teachersSeat],
])('no role lets a %s make a room beside the appservice', async (_who, seatOf) => {
  const { matrix } = seatOf();
  const rooms = office.roomIds();
  const wanted = { preset: 'trusted_private_chat', is_direct: true, invite: [classmate] };
  expect(await matrix.request('POST', '/v3/createRoom', wanted)).toMatchObject({
    status: 403,
    body: { errcode: 'M_FORBIDDEN' },
  });
  expect(office.roomIds()).toEqual(rooms);
  expect(await auditRows('wall.refused', matrix.userId)).toMatchObject([{ rule: 'create-room.bot-only' }]);
});
