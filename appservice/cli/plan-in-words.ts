/** Plans as a person reads them before they sign. */
import type { PlanDetail, PlanSummary } from '#contract/governance.ts';

type Effect = PlanSummary['effects'][number];

const rooms = (count: number): string => (count === 1 ? '1 Raum' : `${count} Räume`);
const inRooms = (count: number): string => (count === 1 ? '1 Raum' : `${count} Räumen`);
const people = (count: number): string => (count === 1 ? '1 Person' : `${count} Personen`);

const sentences: Readonly<Record<string, (effect: Effect) => string>> = {
  RegisterAccount: ({ changes }) => `legt ${changes === 1 ? '1 Konto' : `${changes} Konten`} an`,
  CreateRoom: (effect) => `legt ${rooms(effect.rooms)} an`,
  Kick: (effect) => `entfernt ${people(effect.people)} aus ${inRooms(effect.rooms)}`,
  Ban: (effect) => `hält ${people(effect.people)} aus ${inRooms(effect.rooms)} fern`,
  Unban: (effect) => `lässt ${people(effect.people)} wieder in ${rooms(effect.rooms)}`,
  Invite: (effect) => `lädt ${people(effect.people)} in ${rooms(effect.rooms)} ein`,
  Join: (effect) => `nimmt ${people(effect.people)} in ${rooms(effect.rooms)} auf`,
  SetName: (effect) => `benennt ${rooms(effect.rooms)} um`,
  SetTopic: (effect) => `ändert das Thema von ${inRooms(effect.rooms)}`,
  SetServerAcl: (effect) => `ändert in ${inRooms(effect.rooms)}, welche Server teilnehmen`,
  SetPowerLevels: (effect) => `ändert in ${inRooms(effect.rooms)}, wer was darf`,
  SetRoster: (effect) => `unterschreibt neu, wer zu ${inRooms(effect.rooms)} gehört`,
  SetRetention: (effect) => `ändert in ${inRooms(effect.rooms)}, wie lange Nachrichten bleiben`,
};

/** One line: `entfernt 214 Personen aus 3 Räumen`. */
export function effectInWords(effect: Effect): string {
  const { kind } = effect;
  if (kind.startsWith('Link') || kind.startsWith('Unlink')) return `ordnet ${rooms(effect.rooms)} im Baum ein oder aus`;
  return sentences[kind]?.(effect) ?? `ändert den Schutz von ${inRooms(effect.rooms)} (${kind})`;
}

const states: Readonly<Record<PlanSummary['state'], string>> = {
  'awaiting-approval': 'wartet auf Freigabe',
  applying: 'wird umgesetzt',
  applied: 'umgesetzt',
  incomplete: 'noch nicht vollständig umgesetzt',
  superseded: 'überholt',
};

export function planInWords({ digest, revision, state, effects, createdAt }: PlanSummary): string {
  const lines = effects.length === 0 ? ['ändert in den Räumen nichts'] : [...new Set(effects.map(effectInWords))];
  const head = `Plan ${digest}\n  zu Fassung ${revision}, vom ${dateOf(createdAt)}: ${states[state]}`;
  return [head, ...lines.map((line) => `  – ${line}`)].join('\n');
}

const kinds: Readonly<Record<PlanDetail['differences'][number]['kind'], string>> = {
  added: 'neu',
  changed: 'geändert',
  removed: 'entfällt',
};

export function planDetailInWords(plan: PlanDetail): string {
  return [
    planInWords(plan),
    `  Eingereicht von ${plan.author}, gültig bis ${dateOf(plan.expiresAt)}`,
    ...plan.refusals.map(({ message }) => `  ✗ ${message}`),
    ...plan.differences.map(({ key, kind, places }) => `  ${kinds[kind]}: ${key} (betrifft ${placesInWords(places)})`),
    ...plan.approvals.map(({ approver, at }) => `  Freigegeben von ${approver} am ${dateOf(at)}`),
    ...(plan.missing.length === 0 ? [] : [`  Es fehlt die Freigabe für ${placesInWords(plan.missing)}`]),
  ].join('\n');
}

export function placesInWords(places: readonly string[]): string {
  return places.map((place) => (place === '*' ? 'die ganze Domäne' : place)).join(', ');
}

function dateOf(text: string): string {
  return new Date(text).toLocaleString('de-DE', { dateStyle: 'medium', timeStyle: 'short' });
}
