import { runReportSchema, runSchema, runsSchema, type Run, type RunReport } from '#contract/runs.ts';
import { RefusedError, type ApiSession } from '../api-session.ts';
import type { Call } from '../arguments.ts';

/** Follows the newest run to its end and says what is left to do. */
export async function followRun(session: ApiSession, _call: Call, write: (line: string) => void): Promise<void> {
  const [newest] = (await session.read('/runs', runsSchema)).runs;
  if (newest === undefined) {
    write('Bisher wurde nichts umgesetzt.');
    return;
  }
  if (newest.state === 'running') for await (const run of eventsOf(session, newest)) write(progressInWords(run));
  const report = await session.read(`/runs/${newest.id}`, runReportSchema);
  write(reportInWords(report));
  if (report.run.state === 'incomplete')
    throw new RefusedError('Nicht alles ist gelungen; es wird von selbst weiter versucht.');
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
