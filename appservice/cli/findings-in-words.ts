import type { DraftFinding, DraftFindingKind } from '#contract/draft.ts';

const sentences: Readonly<Record<DraftFindingKind, string>> = {
  'conversations-left-out': 'Chats und Gruppen gehören in keine Organisation und stehen nicht im Entwurf. Anzahl:',
  'rooms-elsewhere': 'Räume anderer Matrix-Server stehen nicht im Entwurf. Anzahl:',
  'room-without-space': 'Räume, die in keinem Space liegen, stehen nicht im Entwurf: Wer sie führt, ist unbekannt.',
  'room-in-several-spaces': 'Räume, die in mehreren Spaces liegen, stehen im ersten.',
  'space-in-circle': 'Spaces, die über sich selbst liegen, stehen nicht im Entwurf.',
  'room-without-people': 'Räume, in denen niemand Erklärtes ist, stehen nicht im Entwurf.',
  'class-assumed': 'Diese Räume bekommen eine angenommene Klasse.',
  'rule-assumed': 'Diese Räume bekommen statt der Namen eine Regel, die heute dieselben Personen nennt.',
  'announcers-assumed': 'Wer Mitteilungen schreiben darf, ist angenommen.',
  'name-unusable': 'Diese Namen kann eine Organisation nicht enthalten.',
  'short-name-cut': 'Diese Kurznamen sind abgeschnitten.',
  'full-name-unknown': 'Den vollen Namen kennt kein Matrix-Server; es steht da, wie der Space heißt.',
  'account-unusable': 'Diese Konten können nicht in einer Organisation stehen.',
  'account-without-place': 'Diese Konten sind in keinem Space und stehen nicht im Entwurf.',
  'account-in-several-places': 'Diese Personen sind in mehreren Stellen und stehen in der ersten.',
  'member-left-out': 'Diese Mitglieder stehen nicht im Entwurf und gehören danach nicht mehr dazu.',
  'reference-broken': 'Das ist zu berichtigen, bevor der Entwurf eingereicht werden kann.',
};

/** A sentence for each kind, with what it is about below it. */
export function findingsInWords(findings: readonly DraftFinding[]): string {
  const byKind = [...Map.groupBy(findings, ({ kind }) => kind)];
  return byKind
    .map(([kind, those]) =>
      [sentences[kind], ...those.map(({ subject, chosen }) => lineOf(subject, chosen))].join('\n'),
    )
    .join('\n');
}

function lineOf(subject: string, chosen: string | null): string {
  return chosen === null ? `  ${subject}` : `  ${subject} → ${chosen}`;
}
