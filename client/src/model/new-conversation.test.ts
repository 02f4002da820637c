import { describe, expect, it, vi } from 'vitest';
import { personSummarySchema, type PersonSummary } from '#contract/api.ts';
import type { Engine } from '../engine/protocol.ts';
import { NewConversation } from './new-conversation.svelte.ts';
import { People } from './people.svelte.ts';
import { fakeClock, fakeEngine } from './testing.ts';

const person = (id: string): PersonSummary =>
  personSummarySchema.parse({
    userId: `@${id}:land.hessen.test`,
    name: id,
    body: 'hmdf',
    unit: null,
    function: null,
    posts: [],
  });

function aDraft(answers: Partial<Engine>) {
  const { engine } = fakeEngine(answers);
  const clock = fakeClock();
  return { draft: new NewConversation({ engine, people: new People(engine, clock), clock }), clock };
}

describe('NewConversation', () => {
  it('waits for a pause in typing before it asks', () => {
    const searchPeople = vi.fn<Engine['searchPeople']>(() => new Promise(() => undefined));
    const { draft, clock } = aDraft({ searchPeople });
    for (const query of ['b', 'bo', 'bolte']) draft.query = query;
    clock.pass(200);
    expect(searchPeople.mock.calls.map(([query]) => query)).toEqual(['', 'bolte']);
  });

  it('drops an answer that a newer query has overtaken', async () => {
    const answers = new Map<string, (people: readonly PersonSummary[]) => void>();
    const { draft, clock } = aDraft({
      searchPeople: (query) =>
        new Promise((resolve) =>
          answers.set(query, (people) => resolve({ ok: true, value: { people, total: people.length } })),
        ),
    });
    draft.query = 'al';
    clock.pass(200);
    draft.query = 'bolte';
    clock.pass(200);
    answers.get('bolte')?.([person('henrike.bolte')]);
    answers.get('al')?.([person('alt')]);
    await vi.waitFor(() => expect(draft.answeredQuery).toBe('bolte'));
    expect(draft.results.map((found) => found.name)).toEqual(['henrike.bolte']);
  });

  it('starts a group with a name and people, and none without', async () => {
    const startConversation = vi.fn<Engine['startConversation']>(async () => ({
      ok: true,
      value: { roomId: '!g', created: true },
    }));
    const { draft } = aDraft({ startConversation });
    draft.isGroup = true;
    draft.toggle(person('a'));
    expect(await draft.startGroup()).toBeNull();
    draft.groupName = 'Haushalt 2027';
    expect(await draft.startGroup()).toBe('!g');
    expect(startConversation).toHaveBeenCalledExactlyOnceWith({
      class: 'gruppe',
      name: 'Haushalt 2027',
      people: ['@a:land.hessen.test'],
    });
  });

  it('keeps a failure for the screen', async () => {
    const { draft } = aDraft({ startConversation: async () => ({ ok: false, failure: { kind: 'refused' } }) });
    expect(await draft.startDirect(person('a'))).toBeNull();
    expect(draft.failure).toEqual({ kind: 'refused' });
  });
});
