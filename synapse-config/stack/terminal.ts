/** What `npm start` writes: one line for each step with its time, and the first screen of text. */
import { localpartOf } from '#contract/ids.ts';
import type { StackError } from './stack-error.ts';
import type { OnProgress } from './progress.ts';
import type { StackDomain, StackFile, StackPerson } from './stack-file.ts';

const peopleShown = 4;
/** How often a step without a terminal says how far it is. */
const detailEveryMs = 5_000;

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Steps that are done become lines. At a terminal the last line shows what is under way. */
export function terminalProgress(output: Output): OnProgress {
  return output.isTTY ? liveProgress(output) : plainProgress(output);
}

function liveProgress(output: Output): OnProgress {
  const active = new Map<string, string>();
  const clear = '\r\x1b[2K';
  return (event) => {
    if (event.state === 'done') active.delete(event.step);
    else active.set(event.step, event.state === 'detail' ? `${event.step}: ${event.detail}` : event.step);
    const line = event.state === 'done' ? doneLine(event.step, event.elapsedMs) : '';
    const status = [...active.values()].join(' · ').slice(0, (output.columns || 80) - 4);
    output.write(`${clear}${line}${status && `  … ${status}`}`);
  };
}

function plainProgress(output: Output): OnProgress {
  const lastShown = new Map<string, number>();
  const isDue = (step: string): boolean => performance.now() - (lastShown.get(step) ?? 0) >= detailEveryMs;
  return (event) => {
    if (event.state === 'done') output.write(doneLine(event.step, event.elapsedMs));
    else if (event.state === 'begun') output.write(`  … ${event.step}\n`);
    else if (isDue(event.step)) {
      lastShown.set(event.step, performance.now());
      output.write(`  … ${event.step}: ${event.detail}\n`);
    }
  };
}

function doneLine(title: string, elapsedMs: number): string {
  return `  ✓ ${title} (${(elapsedMs / 1000).toFixed(1)} s)\n`;
}

/** Where to open what, with which sign-in, and how to stop. */
export function welcome(file: StackFile, stackFilePath: string, elapsedMs: number): string {
  const domains = Object.values(file.domains);
  return [
    '',
    `Landbote is up (${(elapsedMs / 1000).toFixed(0)} s). Open in a browser and sign in as one of these invented people (name, password):`,
    ...domains.map(domainText),
    '',
    `Everybody else, all addresses and logs: ${stackFilePath}`,
    'Ctrl-C stops everything; data stay for the next start (npm start -- --reset begins anew).',
    '',
  ].join('\n');
}

function domainText(domain: StackDomain): string {
  const where = domain.clientUrl ?? `${domain.clientApiUrl} (Matrix client API; no client of ours)`;
  const people = sample(domain.people);
  const width = Math.max(...people.map(({ userId }) => localpartOf(userId).length));
  return [`\n  ${where}   ${domain.serverName}`, ...people.map((person) => personLine(person, width))].join('\n');
}

/** People of different bodies first, so that talking across bodies can be tried at once. */
function sample(people: readonly StackPerson[]): readonly StackPerson[] {
  const firstOfBody = new Map(people.toReversed().map((person) => [person.unit.split('/')[0], person]));
  const chosen = [...firstOfBody.values()].toReversed().slice(0, peopleShown);
  return chosen.length >= peopleShown ? chosen : [...new Set([...chosen, ...people])].slice(0, peopleShown);
}

function personLine({ userId, password, name, unit, roles }: StackPerson, width: number): string {
  const described = [name, unit, ...roles].filter((part) => part !== '').join(', ');
  return `    ${localpartOf(userId).padEnd(width)}  ${password}  ${described}`;
}

/** A failure for a terminal: what happened, then the remedy. */
export function errorText({ message, remedy }: StackError): string {
  return `\nLandbote: ${message}\n${remedy}\n`;
}
