import type { Domain, PersonSummary } from '#contract/api.ts';

export type BodySummary = Domain['bodies'][number];

/** MS for Miriam Sauer; titles and name particles do not count. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s-]+/).filter((word) => /^\p{Lu}/u.test(word) && !word.endsWith('.'));
  const first = words[0] ?? name.trim();
  const last = words.length > 1 ? words.at(-1) : undefined;
  return (first.charAt(0) + (last?.charAt(0) ?? '')).toLocaleUpperCase('de');
}

const hueCount = 12;

/** Hues chosen for known bodies, so that neighbours in the organisation differ; others get one by their id. */
const knownHues: Readonly<Record<string, number>> = {
  stk: 0,
  hmdis: 1,
  hmdf: 2,
  hmdj: 3,
  hkm: 4,
  hmwk: 5,
  hmwevw: 6,
  hmuklv: 7,
  hmsi: 8,
  'rp-kassel': 9,
  hessenforst: 10,
  hzd: 11,
  hmind: 6,
  llh: 7,
  hlfs: 3,
  nationalparkamt: 10,
  lpp: 8,
  hlka: 0,
  hbpp: 9,
  hpt: 11,
  'pp-nordhessen': 1,
  'pp-mittelhessen': 6,
  'pp-osthessen': 7,
  'pp-westhessen': 5,
  'pp-frankfurt': 2,
  'pp-suedhessen': 4,
  'pp-suedosthessen': 3,
};

/** The number of the hue (ui/tokens/raw.css) that marks a body's people and rooms. */
export function hueOf(bodyId: string | null): number {
  if (bodyId === null) return 9;
  if (Object.hasOwn(knownHues, bodyId)) return knownHues[bodyId] ?? 0;
  let sum = 0;
  for (const character of bodyId) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 997;
  return sum % hueCount;
}

/** HMdF, Referat III 4 */
export function affiliationOf(person: PersonSummary, body: BodySummary | null): string {
  return [body?.short ?? person.body, person.unit?.name].filter(Boolean).join(', ');
}

/** HMdF – Finanzen */
export function bodyTitle(body: BodySummary): string {
  return body.label ? `${body.short} – ${body.label}` : body.short;
}
