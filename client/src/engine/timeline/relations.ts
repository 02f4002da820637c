import { isRecord } from '../matrix/is-record.ts';
import { isEncrypted, relationOf, shownContent, shownType, type TimelineEvent } from './timeline-event.ts';

/** Which held events relate to which, so that a message is shown with its edits and reactions. */
export class Relations {
  readonly #related = new Map<string, Set<string>>();
  readonly #event: (eventId: string) => TimelineEvent | null;

  /** @param event gives a held event as it is now. */
  constructor(event: (eventId: string) => TimelineEvent | null) {
    this.#event = event;
  }

  add(event: TimelineEvent): void {
    const relation = relationOf(event);
    if (!relation) return;
    const known = this.#related.get(relation.event_id) ?? new Set<string>();
    this.#related.set(relation.event_id, known.add(event.id));
  }

  edits(eventId: string): readonly TimelineEvent[] {
    return this.#with(eventId, 'm.replace').filter((event) => event.stateKey === null);
  }

  /** Reactions are not encrypted by any client; encrypted ones count once they are readable. */
  reactions(eventId: string): readonly TimelineEvent[] {
    return this.#with(eventId, 'm.annotation').filter(
      (event) => shownType(event) === 'm.reaction' && !(isEncrypted(event) && event.clear === null),
    );
  }

  #with(eventId: string, type: string): readonly TimelineEvent[] {
    const ids = [...(this.#related.get(eventId) ?? [])];
    return ids
      .flatMap((id) => this.#event(id) ?? [])
      .filter((event) => !event.isRedacted && relationOf(event)?.rel_type === type);
  }
}

/** Content that an edit puts in the place of the original's, or null if it has none. */
export function newContent(edit: TimelineEvent): Readonly<Record<string, unknown>> | null {
  const content = shownContent(edit)['m.new_content'];
  return isRecord(content) ? content : null;
}
