import { SvelteMap } from 'svelte/reactivity';
import type { Domain, PersonSummary } from '#contract/api.ts';
import type { Engine } from '../engine/protocol.ts';
import type { Clock } from '../platform/platform.ts';
import { affiliationOf, type BodySummary } from './person-display.ts';
import { outsideNameOf } from './reach.ts';

const batchMs = 20;
const batchSize = 200;

export interface StoredPeople {
  readonly domain: Domain | null;
  readonly me: PersonSummary | null;
  readonly people: readonly PersonSummary[];
}

/** Who is who: the directory's entries that were needed so far. */
export class People {
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #people = new SvelteMap<string, PersonSummary>();
  readonly #asked = new Set<string>();
  #wanted: string[] = [];
  #domain = $state.raw<Domain | null>(null);
  #domainFailed = $state(false);
  #me = $state.raw<PersonSummary | null>(null);

  readonly #bodies = $derived(new Map(this.#domain?.bodies.map((body) => [body.id, body])));

  constructor(engine: Engine, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
  }

  get domain(): Domain | null {
    return this.#domain;
  }

  get domainFailed(): boolean {
    return this.#domainFailed;
  }

  get me(): PersonSummary | null {
    return this.#me;
  }

  async load(): Promise<void> {
    const [domain, session] = await Promise.all([this.#engine.domain(), this.#engine.ownSession()]);
    this.#domainFailed = !domain.ok;
    if (domain.ok) this.#domain = domain.value;
    if (session.ok) this.#me = session.value.person;
    if (session.ok && session.value.person) this.remember([session.value.person]);
  }

  /** What was known when the client was left, before the engine is up. All of it is asked for again. */
  showStored({ domain, me, people }: StoredPeople): void {
    this.#domain = domain;
    this.#me = me;
    for (const person of me ? [me, ...people] : people) this.#people.set(person.userId, person);
  }

  find(userId: string): PersonSummary | null {
    return this.#people.get(userId) ?? null;
  }

  /** The directory's name; until it is known, the part of the id that people type. */
  nameOf(userId: string): string {
    return this.find(userId)?.name ?? userId.slice(1).split(':')[0] ?? userId;
  }

  bodyOf(person: PersonSummary | null): BodySummary | null {
    return person ? this.body(person.body) : null;
  }

  body(bodyId: string | null): BodySummary | null {
    return (bodyId === null ? undefined : this.#bodies.get(bodyId)) ?? null;
  }

  /** HMdF, Referat III 4; empty while unknown. */
  affiliation(userId: string): string {
    const person = this.find(userId);
    return person ? affiliationOf(person, this.bodyOf(person)) : '';
  }

  /** Polizei Hessen, for somebody of another trust domain. Null for the own people, and while the domain is unknown. */
  outsideNameOf(userId: string): string | null {
    return this.#domain && outsideNameOf(userId, this.#domain);
  }

  remember(people: readonly PersonSummary[]): void {
    for (const person of people) {
      this.#asked.add(person.userId);
      this.#people.set(person.userId, person);
    }
  }

  clear(): void {
    this.#people.clear();
    this.#asked.clear();
    this.#me = null;
  }

  /** Asks the directory for those not known yet, many at once. */
  want(userIds: readonly string[]): void {
    const fresh = userIds.filter((userId) => !this.#asked.has(userId));
    if (fresh.length === 0) return;
    for (const userId of fresh) this.#asked.add(userId);
    if (this.#wanted.length === 0) this.#clock.after(batchMs, () => void this.#lookUp());
    this.#wanted.push(...fresh);
  }

  async #lookUp(): Promise<void> {
    const wanted = this.#wanted;
    this.#wanted = [];
    for (let start = 0; start < wanted.length; start += batchSize) {
      const batch = wanted.slice(start, start + batchSize);
      const found = await this.#engine.lookUpPeople(batch);
      if (found.ok) this.remember(found.value);
      else for (const userId of batch) this.#asked.delete(userId);
    }
  }
}
