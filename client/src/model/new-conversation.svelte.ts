import type { NewConversation as WantedConversation, PersonSummary } from '#contract/api.ts';
import { groupNameLengthMax, groupPeopleMax } from '#contract/group-limits.ts';
import type { Failure } from '../engine/protocol.ts';
import type { Clock } from '../platform/platform.ts';
import type { Directory } from './app.svelte.ts';
import type { People } from './people.svelte.ts';

const searchDelayMs = 150;
const resultsMax = 20;

/** Finding people, and starting a direct chat or a group with them. */
export class NewConversation {
  readonly #engine: Directory['engine'];
  readonly #people: People;
  readonly #clock: Clock;
  #query = $state('');
  #answeredQuery = $state<string | null>(null);
  #results = $state.raw<readonly PersonSummary[]>([]);
  #total = $state(0);
  #isGroup = $state(false);
  #groupName = $state('');
  #selected = $state.raw<readonly PersonSummary[]>([]);
  #isStarting = $state(false);
  #failure = $state.raw<Failure | null>(null);
  #cancelSearch: () => void = () => undefined;

  constructor({ engine, people, clock }: Directory) {
    this.#engine = engine;
    this.#people = people;
    this.#clock = clock;
    void this.#search();
  }

  get query(): string {
    return this.#query;
  }

  set query(query: string) {
    this.#query = query;
    this.#cancelSearch();
    this.#cancelSearch = this.#clock.after(searchDelayMs, () => void this.#search());
  }

  /** The query that the results answer; null before the first answer. */
  get answeredQuery(): string | null {
    return this.#answeredQuery;
  }

  get results(): readonly PersonSummary[] {
    return this.#results;
  }

  get total(): number {
    return this.#total;
  }

  get isGroup(): boolean {
    return this.#isGroup;
  }

  set isGroup(isGroup: boolean) {
    this.#isGroup = isGroup;
    if (!isGroup) this.#selected = [];
  }

  get groupName(): string {
    return this.#groupName;
  }

  set groupName(name: string) {
    this.#groupName = name;
  }

  get selected(): readonly PersonSummary[] {
    return this.#selected;
  }

  get isFull(): boolean {
    return this.#selected.length >= groupPeopleMax;
  }

  get isStarting(): boolean {
    return this.#isStarting;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  isSelected(userId: string): boolean {
    return this.#selected.some((person) => person.userId === userId);
  }

  toggle(person: PersonSummary): void {
    if (this.isSelected(person.userId)) {
      this.#selected = this.#selected.filter((other) => other.userId !== person.userId);
    } else if (!this.isFull) {
      this.#selected = [...this.#selected, person];
    }
  }

  /** The room's id, or null if it could not be started. */
  startDirect(person: PersonSummary): Promise<string | null> {
    return this.#start({ class: 'direkt', with: person.userId });
  }

  async startGroup(): Promise<string | null> {
    const [name, people] = [this.#groupName.trim(), this.#selected.map(({ userId }) => userId)];
    if (name === '' || name.length > groupNameLengthMax || people.length === 0) return null;
    return this.#start({ class: 'gruppe', name, people });
  }

  async #search(): Promise<void> {
    const query = this.#query.trim();
    const found = await this.#engine.searchPeople(query, resultsMax);
    if (query !== this.#query.trim()) return;
    this.#failure = found.ok ? null : found.failure;
    if (!found.ok) return;
    this.#people.remember(found.value.people);
    this.#results = found.value.people;
    this.#total = found.value.total;
    this.#answeredQuery = query;
  }

  async #start(conversation: WantedConversation): Promise<string | null> {
    if (this.#isStarting) return null;
    this.#isStarting = true;
    const started = await this.#engine.startConversation(conversation);
    this.#isStarting = false;
    this.#failure = started.ok ? null : started.failure;
    return started.ok ? started.value.roomId : null;
  }
}
