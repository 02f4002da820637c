/**
 * Who is who, from the appservice. What was answered once is kept, so that names stand on the screen without a
 * connection and at the next start before there is one.
 */
import { z } from 'zod';
import { domainSchema, personSummarySchema, type Domain, type PersonSummary, type Session } from '#contract/api.ts';
import type { Receipts } from '#contract/room-class.ts';
import { isPassing } from '../failures.ts';
import type { Storage } from '../storage/storage.ts';
import { storedValue } from '../storage/values.ts';
import type { AppserviceApi } from './appservice-api.ts';

const keptSchema = z.object({
  domain: domainSchema.nullable(),
  me: personSummarySchema.nullable(),
  people: z.array(personSummarySchema),
});
export type KnownPeople = z.infer<typeof keptSchema>;

/** A person meets a few thousand others; more are asked for again. */
const peopleMax = 5_000;
const keepAfterMs = 2_000;

export interface Directory {
  session(): Promise<Session>;
  domain(): Promise<Domain>;
  lookUp(userIds: readonly string[]): Promise<readonly PersonSummary[]>;
  /** What is known of these people without asking. */
  known(userIds: readonly string[]): KnownPeople;
  /** What the class says; private, as long as the appservice has not told. */
  receiptsIn(roomClass: string): Receipts;
  stop(): void;
}

export async function directory(api: AppserviceApi, storage: Storage, onChange: () => void): Promise<Directory> {
  const stored = storedValue(storage, 'directory', keptSchema);
  const kept = await stored.read();
  let { domain, me } = kept ?? { domain: null, me: null };
  const people = new Map<string, PersonSummary>(kept?.people.map((person) => [person.userId, person]));
  /** Asked for in this session; what an earlier one has left may have changed. */
  const fresh = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function changed(): void {
    onChange();
    timer ??= setTimeout(() => {
      timer = undefined;
      void stored.write({ domain, me, people: [...people.values()].slice(-peopleMax) }).catch(() => undefined);
    }, keepAfterMs);
  }

  /** The kept answer, where there is one and no new one is to be had. */
  async function orKept<T>(ask: () => Promise<T>, otherwise: T | null): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (otherwise === null || !isPassing(error)) throw error;
      return otherwise;
    }
  }

  async function askFor(userIds: readonly string[]): Promise<void> {
    const answer = await api.lookUpPeople(userIds);
    for (const person of answer.people) people.set(person.userId, person);
    for (const userId of userIds) fresh.add(userId);
    changed();
  }

  return {
    async session() {
      const session = await api.session();
      me = session.person;
      changed();
      return session;
    },
    domain: () =>
      orKept(async () => {
        domain = await api.domain();
        changed();
        return domain;
      }, domain),
    async lookUp(userIds) {
      const unasked = userIds.filter((userId) => !fresh.has(userId));
      if (unasked.length > 0) await orKept(() => askFor(unasked), undefined);
      return userIds.flatMap((userId) => people.get(userId) ?? []);
    },
    known: (userIds) => ({ domain, me, people: userIds.flatMap((userId) => people.get(userId) ?? []) }),
    receiptsIn: (roomClass) => domain?.roomClasses.find(({ name }) => name === roomClass)?.receipts ?? 'private',
    stop: () => clearTimeout(timer),
  };
}
