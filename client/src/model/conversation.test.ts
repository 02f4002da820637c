import { describe, expect, it, vi } from 'vitest';
import type { Engine } from '../engine/protocol.ts';
import { Composer } from './composer.svelte.ts';
import { Conversation } from './conversation.svelte.ts';
import { Drafts } from './drafts.svelte.ts';
import { HandOver } from './hand-over.ts';
import { People } from './people.svelte.ts';
import { plainRichText } from './local-echo.ts';
import { aRoom, aTimeline, anItem, fakeClock, fakeEngine, fakePlatform } from './testing.ts';
import { Timeline } from './timeline.svelte.ts';

const room = aRoom({ roomId: '!a', class: 'einheit' });

async function inRoom(answers: Partial<Engine> = {}) {
  const clock = fakeClock();
  const { engine } = fakeEngine({ openRoom: async () => ({ ok: true, value: undefined }), ...answers });
  const timeline = new Timeline(engine, new People(engine, clock), clock);
  const author = { userId: '@miriam.sauer:land.hessen.test', name: 'Miriam Sauer' };
  const handOver = new HandOver(engine, fakePlatform().session, () => false);
  const conversation = new Conversation({ engine, clock, timeline, handOver, author: () => author });
  const keepDraft = vi.fn<Engine['keepDraft']>();
  const drafts = new Drafts(keepDraft);
  const composer = new Composer(conversation, drafts, timeline);
  await timeline.open('!a');
  composer.enter(room);
  return { timeline, conversation, composer, clock, drafts, keepDraft };
}

describe('sending', () => {
  it('shows the own message at once and takes the engine’s version of it under the same id', async () => {
    const sendMessage = vi.fn<Engine['sendMessage']>(async () => ({ ok: true, value: undefined }));
    const { timeline, composer } = await inRoom({ sendMessage });
    composer.text = '  Guten Morgen\n';
    composer.submit();
    const [echo] = timeline.items;
    expect([echo?.isOwn, echo?.sending.state, composer.text]).toEqual([true, 'sending', '']);
    const itemId = echo?.id ?? '';
    expect(sendMessage.mock.calls).toEqual([['!a', itemId, { text: 'Guten Morgen', mentionIds: [], answers: null }]]);
    timeline.apply(aTimeline({ changed: [anItem({ id: itemId, eventId: '$1' })], order: [itemId] }));
    expect(timeline.items.map((item) => item.eventId)).toEqual(['$1']);
  });

  it('sends nothing empty', async () => {
    const sendMessage = vi.fn<Engine['sendMessage']>(async () => ({ ok: true, value: undefined }));
    const { composer } = await inRoom({ sendMessage });
    composer.text = ' \n ';
    composer.submit();
    expect(sendMessage).not.toHaveBeenCalled();
  });

  it('names the message it answers, and the people whose names are still in the text', async () => {
    const sendMessage = vi.fn<Engine['sendMessage']>(async () => ({ ok: true, value: undefined }));
    const { composer, timeline } = await inRoom({ sendMessage });
    const question = anItem({ id: 'q' });
    timeline.apply(aTimeline({ changed: [question], order: ['q'] }));
    composer.answer(question);
    for (const name of ['Jonas Reith', 'Henrike Bolte']) {
      const userId = `@${name.toLowerCase().replace(' ', '.')}:land.hessen.test`;
      composer.mention(userId, name);
    }
    composer.text = '@Jonas Reith ja';
    composer.submit();
    expect(sendMessage.mock.calls[0]?.[2]).toEqual({
      text: '[@Jonas Reith](https://matrix.to/#/@jonas.reith:land.hessen.test) ja',
      mentionIds: ['@jonas.reith:land.hessen.test'],
      answers: '$q',
    });
    expect([composer.answering, timeline.items[1]?.quote?.text]).toEqual([null, 'q']);
    const mention = { kind: 'mention', userId: '@jonas.reith:land.hessen.test', name: '@Jonas Reith' };
    expect(timeline.items[1]?.body).toMatchObject({
      text: '@Jonas Reith ja',
      rich: [{ kind: 'paragraph', content: [mention, { kind: 'text', text: ' ja' }] }],
    });
  });

  it('still mentions whom an edited message mentioned', async () => {
    const edit = vi.fn<Engine['edit']>(async () => ({ ok: true, value: undefined }));
    const { composer } = await inRoom({ edit });
    const text = '@Jonas Reith ja';
    const rich = plainRichText('[@Jonas Reith](https://matrix.to/#/@jonas.reith:land.hessen.test) ja');
    composer.edit(anItem({ id: 'm', canEdit: true, body: { kind: 'text', text, rich, tone: 'plain' } }));
    composer.text = '@Jonas Reith nein';
    composer.submit();
    expect(edit.mock.calls[0]?.[2]).toMatchObject({
      text: '[@Jonas Reith](https://matrix.to/#/@jonas.reith:land.hessen.test) nein',
      mentionIds: ['@jonas.reith:land.hessen.test'],
    });
  });

  it('edits the last own message and leaves the draft as it was', async () => {
    const edit = vi.fn<Engine['edit']>(async () => ({ ok: true, value: undefined }));
    const { composer, timeline } = await inRoom({ edit });
    timeline.apply(aTimeline({ changed: [anItem({ id: 'm', isOwn: true, canEdit: true })], order: ['m'] }));
    composer.text = '';
    expect(composer.editLast()).toBe(true);
    composer.text = 'besser';
    composer.submit();
    expect(edit.mock.calls).toEqual([['!a', 'm', { text: 'besser', mentionIds: [], answers: null }]]);
    expect([composer.editing, composer.text]).toEqual([null, '']);
  });
});

describe('typing', () => {
  it('is told once while it goes on, and taken back after a pause', async () => {
    const setTyping = vi.fn<Engine['setTyping']>();
    const { composer, clock } = await inRoom({ setTyping });
    for (const text of ['G', 'Gu', 'Gut']) {
      composer.text = text;
      composer.typed();
      clock.pass(1_000);
    }
    clock.pass(5_000);
    expect(setTyping.mock.calls).toEqual([
      ['!a', true],
      ['!a', false],
    ]);
  });

  it('is taken back a moment after sending, unless it goes on', async () => {
    const setTyping = vi.fn<Engine['setTyping']>();
    const { composer, clock } = await inRoom({ setTyping });
    const write = (text: string) => {
      composer.text = text;
      composer.typed();
    };
    write('Gut');
    clock.pass(300);
    composer.submit();
    expect(setTyping.mock.calls).toEqual([['!a', true]]);
    write('Noch');
    clock.pass(1_000);
    expect(setTyping).toHaveBeenCalledOnce();
    composer.submit();
    clock.pass(1_000);
    expect(setTyping).toHaveBeenLastCalledWith('!a', false);
  });

  it('is not told of what is written and sent in one go', async () => {
    const setTyping = vi.fn<Engine['setTyping']>();
    const { composer, clock } = await inRoom({ setTyping });
    composer.text = 'Ja';
    composer.typed();
    composer.submit();
    clock.pass(10_000);
    expect(setTyping).not.toHaveBeenCalled();
    composer.text = 'Gern';
    composer.typed();
    clock.pass(300);
    expect(setTyping).toHaveBeenCalledWith('!a', true);
  });
});

describe('drafts', () => {
  it('are given to the engine to keep, until they are sent', async () => {
    const { composer, keepDraft } = await inRoom();
    composer.text = 'Entwurf';
    composer.submit();
    expect(keepDraft.mock.calls).toEqual([
      ['!a', 'Entwurf'],
      ['!a', ''],
    ]);
  });
});
