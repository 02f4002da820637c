/** The draft of an organisation over the API: who gets one, and what it leaves behind. */
import { expect, test } from 'vitest';
import { draftSchema } from '#contract/draft.ts';
import { ministries, userId } from '#appservice/authority/test-organisation.ts';
import { createDraftDesk } from '#appservice/dump/draft-desk.ts';
import { readSurvey } from '#appservice/matrix/survey.ts';
import { land } from '#appservice/organisation/test-organisations.ts';
import { openTestDatabase } from '#appservice/store/test-database.ts';
import { listen } from '../../test-support/listen.ts';
import { problemOf, signIn, startTestApi } from '../../test-support/test-api.ts';

/** The API before a homeserver that answers every question of its module's alike; null: it has no module. */
async function startWith(answer: unknown) {
  const asked: string[] = [];
  const url = await listen((request, response) => {
    asked.push(`${request.headers.authorization} ${request.method} ${request.url}`);
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  });
  const listener = { url: `${url}/anything`, token: 'secret', abandoned: new AbortController().signal };
  const db = await openTestDatabase();
  const drafts = createDraftDesk({
    survey: () => readSurvey(answer === null ? null : listener),
    store: { db, transaction: (work) => db.transaction().execute(work) },
    serverName: land,
    organisation: () => ministries(),
    now: () => 7,
  });
  const api = await startTestApi({ organisation: () => ministries(), drafts });
  const draft = async (person: string) =>
    fetch(`${api.url}/api/v1/organisation/draft`, { headers: await signIn(api.url, userId(person)) });
  return {
    draft,
    asked,
    rows: () => db.selectFrom('audit').select(['actor', 'action', 'subject', 'detail']).execute(),
  };
}

const account = { user_id: userId('zoe.zentral'), display_name: null };
const create = { type: 'm.room.create', state_key: '', sender: userId('zoe.zentral'), content: { type: 'm.space' } };
const name = { type: 'm.room.name', state_key: '', sender: userId('zoe.zentral'), content: { name: 'Zentrale' } };
const answer = {
  accounts: [account],
  rooms: [{ room_id: '!space', members: [account.user_id], state: [create, name] }],
};

test('whoever proposes for the whole domain gets a draft with its findings, and the trail says so', async () => {
  const { draft, asked, rows } = await startWith(answer);
  const { organisation, findings } = draftSchema.parse(await (await draft('zoe.zentral')).json());
  expect(asked).toEqual(['Bearer secret GET /_landbote/v1/survey?']);
  expect(organisation.bodies).toMatchObject([{ id: 'zentrale', people: [{ id: 'zoe.zentral' }] }]);
  expect(await rows()).toEqual([
    {
      actor: userId('zoe.zentral'),
      action: 'organisation.drafted',
      subject: land,
      detail: JSON.stringify({ bodies: 1, findings: findings.length }),
    },
  ]);
});

test('who proposes for a ministry alone learns nothing of the homeserver, which is not asked', async () => {
  const { draft, asked, rows } = await startWith(answer);
  expect(await problemOf(await draft('kim.kultus'))).toMatchObject({ status: 403, code: 'scope.exceeded' });
  expect([asked, await rows()]).toEqual([[], []]);
});

test.each([
  ['does not have the module', null],
  ['answers something else', { accounts: 'many' }],
])('a homeserver that %s is told as one that does not answer, and nothing is noted', async (_case, said) => {
  const { draft, rows } = await startWith(said);
  expect(await problemOf(await draft('zoe.zentral'))).toMatchObject({ status: 503, code: 'homeserver.unavailable' });
  expect(await rows()).toEqual([]);
});
