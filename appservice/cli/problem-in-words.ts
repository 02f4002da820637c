import type { Problem, ProblemCode } from '#contract/problem.ts';

/** What administrators meet; for everything else the server's own words stand. */
const sentences: Partial<Record<ProblemCode, string>> = {
  'role.missing': 'Ihre Rolle reicht dafür nicht, oder die Änderung ist Ihre eigene.',
  'scope.exceeded': 'Ihre Rolle gilt nicht für alles, was das betrifft.',
  'session.not-fresh': 'Die Anmeldung ist älter als fünf Minuten. Bitte erneut anmelden.',
  'person.unknown': 'Sie stehen nicht in der Organisation.',
  'plan.unknown': 'Einen Plan mit dieser Prüfsumme gibt es nicht.',
  'plan.stale':
    'Der Plan ist überholt: Die Organisation oder die Räume haben sich geändert. Bitte den neuen Plan ansehen.',
  'plan.refused': 'Der Plan würde tun, was nie geschehen darf. Seine Zusammenfassung sagt, was.',
  'plan.expired': 'Der Plan hat länger als sieben Tage gewartet. Bitte die Änderung neu einreichen.',
  'plan.not-awaiting-approval': 'Über den Plan ist schon entschieden.',
  'revision.stale': 'Die Organisation hat sich inzwischen geändert. Bitte neu laden und die Änderung dort vornehmen.',
  'revision.waiting': 'Eine andere Änderung wartet noch auf Freigabe.',
  'organisation.invalid': 'Die Organisation hat Fehler. Nichts wurde geändert.',
  'rate.limited': 'Zu viele Anfragen. Bitte eine Minute warten.',
  'homeserver.unavailable': 'Der Matrix-Server antwortet nicht. Bitte gleich noch einmal versuchen.',
};

/** A refusal with everything that was wrong, each on a line of its own, and the id under which it stands in the log. */
export function problemInWords({ code, detail, remedy, instance, problems = [] }: Problem): string {
  const sentence = sentences[code] ?? `${detail} ${remedy}`;
  const lines = problems.map(
    ({ path, message, remedy: what }) => `  ${path}: ${message}${what === undefined ? '' : ` → ${what}`}`,
  );
  return [sentence, ...lines, `(${code}, ${instance})`].join('\n');
}
