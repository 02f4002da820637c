import type { Member } from '../../engine/protocol.ts';
import type { App } from '../../model/app.svelte.ts';
import { mentionAt, peopleToMention, type Mentionable } from '../../model/mentions.ts';

const shownMax = 6;

/** The list that opens behind an @: who is meant, chosen by key or pointer. */
export class MentionCompletion {
  readonly #app: App;
  readonly #field: () => HTMLTextAreaElement | undefined;
  #query = $state<string | null>(null);
  #active = $state(0);
  #dismissedQuery: string | null = null;

  readonly #people = $derived.by(() =>
    this.#query === null ? [] : peopleToMention(this.#mentionable(), this.#query).slice(0, shownMax),
  );

  constructor(app: App, field: () => HTMLTextAreaElement | undefined) {
    this.#app = app;
    this.#field = field;
  }

  get people(): readonly Mentionable[] {
    return this.#people;
  }

  get active(): number {
    return this.#active;
  }

  get activeId(): string | undefined {
    return this.#people.length > 0 ? `mention-${this.#active}` : undefined;
  }

  update(): void {
    const field = this.#field();
    const mention = field ? mentionAt(field.value, field.selectionStart) : null;
    this.#query = mention === null || mention.query === this.#dismissedQuery ? null : mention.query;
    if (mention === null) this.#dismissedQuery = null;
    this.#active = 0;
  }

  close(): void {
    this.#query = null;
  }

  /** True if the key was meant for the list. */
  handleKey(event: KeyboardEvent): boolean {
    const person = this.#people[this.#active];
    if (!person) return false;
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) this.#active = (this.#active + step + this.#people.length) % this.#people.length;
    else if (event.key === 'Enter' || event.key === 'Tab') this.choose(person);
    else if (event.key === 'Escape') this.#dismiss();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  choose(person: Mentionable): void {
    const field = this.#field();
    const mention = field ? mentionAt(field.value, field.selectionStart) : null;
    if (!field || !mention) return;
    field.setRangeText(`@${person.name} `, mention.start, field.selectionStart, 'end');
    this.#app.composer.text = field.value;
    this.#app.composer.mention(person.userId, person.name);
    this.close();
  }

  #dismiss(): void {
    this.#dismissedQuery = this.#query;
    this.close();
  }

  #mentionable(): readonly Mentionable[] {
    const me = this.#app.session.identity?.userId;
    return this.#app.timeline.members.filter((member) => member.userId !== me).map((member) => this.#describe(member));
  }

  #describe({ userId }: Member): Mentionable {
    const { people, timeline } = this.#app;
    return { userId, name: timeline.memberName(userId), about: people.affiliation(userId) };
  }
}
