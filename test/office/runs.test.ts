/** A run that is followed, cancelled and resumed through the API, on a real homeserver. */
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runReportSchema, runSchema, runsSchema, type Run } from '#contract/runs.ts';
import { userIdSchema } from '#contract/ids.ts';
import { listPlans } from '#appservice/apply/plan-records.ts';
import { listRuns } from '#appservice/apply/run-records.ts';
import { createSessions } from '#appservice/http/api/session/sessions.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { startSmallOffice, type SmallOffice } from './small-office.ts';

const approver = userIdSchema.parse('@lena.leitung:polizei.hessen.test');
const body = `
id: wache
short: Wache
name: Polizeiwache
server: polizei.hessen.test
units: []
people:
  - { id: lena.leitung, name: Lena Leitung, roles: [approver] }
announcers: [{ person: lena.leitung }]
`;
const units = Array.from({ length: 30 }, (_, index) => `  - { id: streife-${index}, name: Streife ${index} }`);

let office: SmallOffice;
let headers: Record<string, string>;

beforeAll(async () => {
  office = await startSmallOffice(body);
  const token = await createSessions(office.appservice().store.db, () => Date.now()).open(approver);
  headers = { Authorization: `Bearer ${token}` };
});
afterAll(() => office.stop());

function api(path: string, method = 'GET'): Promise<Response> {
  return fetch(`http://127.0.0.1:${office.appservice().ports.api}/api/v1/${path}`, { method, headers });
}

async function runs(): Promise<Run[]> {
  return runsSchema.parse(await (await api('runs')).json()).runs;
}

/** Puts a declaration with thirty more units into force and answers the run that makes them. */
async function beginLongRun(): Promise<Run> {
  const { parts, store } = office.appservice();
  const declared = await readFile(office.bodyPath, 'utf8');
  await writeFile(office.bodyPath, declared.replace('units: []', `units:\n${units.join('\n')}`));
  const plan = await waitUntil('the plan', async () =>
    (await listPlans(store.db)).find(({ state }) => state === 'awaiting-approval'),
  );
  expect(await parts.provisioner.approve(plan.digest, approver)).toMatchObject({ state: 'applying' });
  return waitUntil('a run under way', async () => (await listRuns(store.db)).find(({ state }) => state === 'running'));
}

test('a run is followed while it goes on, cancelled between two changes, and resumed to its end', async () => {
  const run = await beginLongRun();
  const events = eventsOf(await api(`runs/${run.id}/events`));
  const seen = [(await events.next()).value, (await events.next()).value];
  expect(seen[0]).toMatchObject({ id: run.id, state: 'running', total: run.total });
  expect(seen[1]?.done).toBeGreaterThan(0);
  expect(seen[1]?.ratePerSecond).toBeGreaterThan(0);
  expect(seen[1]?.remainingMs).toBeGreaterThan(0);

  expect((await api(`runs/${run.id}/cancellation`, 'POST')).status).toBe(202);
  const last = await lastOf(events);
  expect(last).toMatchObject({ state: 'cancelled', failed: 0 });
  expect(last?.done).toBeLessThan(run.total);
  const before = office.countEvents();
  await office.appservice().parts.provisioner.reconcile();
  expect(office.countEvents()).toBe(before);

  expect((await api(`runs/${run.id}/resumption`, 'POST')).status).toBe(202);
  // Past the API: who asks it as often as a test does is told to wait.
  const { db } = office.appservice().store;
  await waitUntil('the end of what was left', async () =>
    (await listRuns(db))[0]?.state === 'done' ? true : undefined,
  );
  const report = runReportSchema.parse(await (await api(`runs/${run.id}`)).json());
  const [rest] = await runs();
  expect(Number(last?.done) + Number(rest?.done)).toBe(run.total);
  expect(report.targets.every(({ problems }) => problems.length === 0)).toBe(true);
}, 120_000);

/** The runs in the server-sent events of an answer, one by one. */
async function* eventsOf({ body: stream }: Response): AsyncGenerator<Run, undefined> {
  let text = '';
  for await (const chunk of stream?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = `${text}${chunk}`.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, data] = /^data: (.+)$/m.exec(block) ?? [];
      if (data !== undefined) yield runSchema.parse(JSON.parse(data));
    }
  }
}

async function lastOf(events: AsyncGenerator<Run, undefined>): Promise<Run | undefined> {
  let last: Run | undefined;
  for await (const run of events) last = run;
  return last;
}
