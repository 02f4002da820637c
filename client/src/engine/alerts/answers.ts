/** The own answers to alerts. Pure. */
import type { AlertAct, AlertAnswer } from '../protocol.ts';

interface Note {
  readonly eventId: string;
  readonly kind: string;
  readonly at: number;
}

const acts: ReadonlySet<string> = new Set<AlertAct>(['acknowledged', 'on-it', 'withdrawn']);

/** By event id: the last act counts, in whatever order they are known. */
export function answersIn(notes: readonly Note[]): Readonly<Record<string, AlertAnswer>> {
  const answers = new Map<string, AlertAnswer>();
  for (const { eventId, kind, at } of notes) {
    if (isAct(kind) && at >= (answers.get(eventId)?.at ?? 0)) answers.set(eventId, { act: kind, at });
  }
  return Object.fromEntries(answers);
}

export function isAct(kind: string): kind is AlertAct {
  return acts.has(kind);
}
