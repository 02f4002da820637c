import { setTimeout as pause } from 'node:timers/promises';
import { plansSchema, type PlanSummary } from '#contract/governance.ts';
import { runReportSchema, runSchema, runsSchema, type Run, type RunReport } from '#contract/runs.ts';
import { RefusedError, type ApiSession } from '../api-session.ts';
import type { Call } from '../arguments.ts';

/** How long to wait before it is asked again whether the plan's run has begun. */
const askAgainMs = 1_000;

/** Follows the run of the plan that was approved last to its end and says what is left to do. */
export async function followRun(session: ApiSession, _call: Call, write: (line: string) => void): Promise<void> {
  const begun = await runOfPlanInForce(session);
  if (typeof begun === 'string') {
    write(begun);
    return;
  }
  if (begun.state === 'running') for await (const run of eventsOf(session, begun)) write(progressInWords(run));
  const report = await session.read(`/runs/${begun.id}`, runReportSchema);
  write(reportInWords(report));
  if (report.run.state === 'incomplete')
    throw new RefusedError('Nicht alles ist gelungen; es wird von selbst weiter versucht.');
}

/** Waits until the plan's run has begun: an approval does not wait for it. In words why there is none to follow. */
async function runOfPlanInForce(session: ApiSession): Promise<Run | string> {
  for (;;) {
    const plan = await planInForce(session);
    if (plan === undefined) return 'Bisher wurde nichts umgesetzt.';
    const { revision, state } = plan;
    const { runs } = await session.read('/runs', runsSchema);
    const run = runs.find((candidate) => candidate.purpose === 'revision' && candidate.revision === revision);
    if (run !== undefined) return run;
    if (state === 'applied') return `Fassung ${revision}: vollständig umgesetzt.`;
    await pause(askAgainMs);
  }
}

async function planInForce(session: ApiSession): Promise<PlanSummary | undefined> {
  const { plans } = await session.read('/plans', plansSchema);
  return plans
    .filter(({ state }) => state === 'applying' || state === 'applied' || state === 'incomplete')
    .toSorted((one, other) => other.revision - one.revision)[0];
}

/** The run as often as it has come further (server-sent events: a line `data: …` each). */
async function* eventsOf(session: ApiSession, { id }: Run): AsyncGenerator<Run> {
  const { body } = await session.send(`/runs/${id}/events`);
  if (body === null) return;
  let rest = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines)
      if (line.startsWith('data: ')) yield runSchema.parse(JSON.parse(line.slice('data: '.length)));
  }
}

function progressInWords({ done, total, ratePerSecond, remainingMs }: Run): string {
  const rate = ratePerSecond === null ? '' : `, ${ratePerSecond.toLocaleString('de-DE')} je Sekunde`;
  const remaining = remainingMs === null ? '' : `, noch etwa ${Math.ceil(remainingMs / 1_000)} s`;
  return `${done} von ${total}${rate}${remaining}`;
}

const states: Readonly<Record<Run['state'], string>> = {
  running: 'läuft',
  done: 'vollständig umgesetzt',
  incomplete: 'nicht vollständig umgesetzt',
  cancelled: 'abgebrochen',
  interrupted: 'unterbrochen',
};

function reportInWords({ run, targets }: RunReport): string {
  const problems = targets.flatMap(({ target, problems: found }) =>
    found.map(
      ({ change, person, error, remedy }) =>
        `  ${target}: ${[change, person, error, remedy].filter(Boolean).join(' – ')}`,
    ),
  );
  return [`Fassung ${run.revision}: ${states[run.state]} (${run.done} von ${run.total})`, ...problems].join('\n');
}
