import { expect, test } from 'vitest';
import { runReportSchema, runSchema, runsSchema, type Run } from '#contract/runs.ts';
import type { RunDesk, RunRefusal } from '#appservice/apply/run-desk.ts';
import { problemOf, signIn, startTestApi } from '../../test-support/test-api.ts';
import { jana, uwe } from '#appservice/people/test-organisation.ts';

const run: Run = {
  id: '3b0f7b56-7a0f-4f0e-9a53-5f0f3f0f3c1e',
  revision: 2,
  purpose: 'revision',
  state: 'running',
  done: 3,
  total: 10,
  failed: 0,
  ratePerSecond: 1.5,
  remainingMs: 4_667,
  startedAt: '2026-11-23T12:00:00.000Z',
  endedAt: null,
};

function startWithRun(desk: Partial<RunDesk> = {}) {
  const runs: RunDesk = {
    list: async () => [run],
    report: async (id) => (id === run.id ? { run, targets: [] } : null),
    watch: async () => null,
    cancel: async () => null,
    resume: async () => null,
    drift: async () => ({ differences: [] }),
    repairReported: async () => null,
    ...desk,
  };
  return startTestApi({ runs });
}

const unknownRun = '00000000-0000-4000-8000-000000000000';

test('an approver reads the runs and the report of one', async () => {
  const { url } = await startWithRun();
  const headers = await signIn(url, uwe);
  const list = await fetch(`${url}/api/v1/runs`, { headers });
  expect(runsSchema.parse(await list.json()).runs).toEqual([run]);
  const report = await fetch(`${url}/api/v1/runs/${run.id}`, { headers });
  expect(runReportSchema.parse(await report.json())).toEqual({ run, targets: [] });
});

test('whoever follows a run gets its progress and at last its end', async () => {
  const following = Promise.withResolvers<(run: Run) => void>();
  const { url } = await startWithRun({
    async watch(_id, onRun) {
      onRun(run);
      following.resolve(onRun);
      return () => undefined;
    },
  });
  const answer = await fetch(`${url}/api/v1/runs/${run.id}/events`, { headers: await signIn(url, uwe) });
  expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const events = eventsOf(answer);
  expect((await events.next()).value).toEqual({ event: 'progress', run });
  const ended: Run = { ...run, state: 'done', done: 10, endedAt: run.startedAt };
  (await following.promise)(ended);
  expect((await events.next()).value).toEqual({ event: 'ended', run: ended });
  expect((await events.next()).done).toBe(true);
});

test('who stops following is forgotten', async () => {
  const forgotten = Promise.withResolvers<void>();
  const { url } = await startWithRun({
    async watch(_id, onRun) {
      onRun(run);
      return forgotten.resolve;
    },
  });
  const leaving = new AbortController();
  await fetch(`${url}/api/v1/runs/${run.id}/events`, { headers: await signIn(url, uwe), signal: leaving.signal });
  leaving.abort();
  await forgotten.promise;
});

test('a run is cancelled and resumed in the name of who asked', async () => {
  const asked: string[] = [];
  const note = (what: string): null => {
    asked.push(what);
    return null;
  };
  const { url } = await startWithRun({
    cancel: async (id, actor) => note(`cancel ${id} ${actor}`),
    resume: async (id, actor) => note(`resume ${id} ${actor}`),
    repairReported: async (actor) => note(`repair ${actor}`),
  });
  const headers = await signIn(url, uwe);
  for (const path of [`runs/${run.id}/cancellation`, `runs/${run.id}/resumption`, 'drift/repair']) {
    expect((await fetch(`${url}/api/v1/${path}`, { method: 'POST', headers })).status).toBe(202);
  }
  expect(asked).toEqual([`cancel ${run.id} ${uwe}`, `resume ${run.id} ${uwe}`, `repair ${uwe}`]);
});

test.each<[string, RunRefusal, number]>([
  ['cancellation', 'run.not-running', 409],
  ['resumption', 'run.not-cancelled', 409],
  ['cancellation', 'run.unknown', 404],
  ['resumption', 'run.unknown', 404],
])('a refused %s is told: %s, %i', async (action, code, status) => {
  const { url } = await startWithRun({ cancel: async () => code, resume: async () => code });
  const answer = await fetch(`${url}/api/v1/runs/${run.id}/${action}`, {
    method: 'POST',
    headers: await signIn(url, uwe),
  });
  expect(await problemOf(answer)).toMatchObject({ status, code });
});

test.each([
  ['GET', 'runs'],
  ['GET', `runs/${run.id}`],
  ['GET', `runs/${run.id}/events`],
  ['POST', `runs/${run.id}/cancellation`],
  ['POST', `runs/${run.id}/resumption`],
  ['GET', 'drift'],
  ['POST', 'drift/repair'],
])('somebody without a role gets nothing from %s %s', async (method, path) => {
  const { url } = await startWithRun();
  const answer = await fetch(`${url}/api/v1/${path}`, { method, headers: await signIn(url, jana) });
  expect(await problemOf(answer)).toMatchObject({ status: 403, code: 'role.missing' });
});

test('a run that does not exist cannot be followed', async () => {
  const { url } = await startWithRun();
  const answer = await fetch(`${url}/api/v1/runs/${unknownRun}/events`, { headers: await signIn(url, uwe) });
  expect(await problemOf(answer)).toMatchObject({ status: 404, code: 'run.unknown' });
});

/** The server-sent events of an answer, one by one. */
async function* eventsOf({ body }: Response): AsyncGenerator<{ event: string; run: Run }> {
  let text = '';
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = `${text}${chunk}`.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, event = '', data = ''] = /^event: (.+)\ndata: (.+)$/.exec(block) ?? [];
      yield { event, run: runSchema.parse(JSON.parse(data)) };
    }
  }
}
