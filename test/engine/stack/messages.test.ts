/** Two engines without pages on a real homeserver: what one sends, the other shows. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readStackFile, type StackDomain, type StackPerson } from '#stack/stack-file.ts';
import { HeadlessClient, accepted } from '../headless-client.ts';

let land: StackDomain;
let one: HeadlessClient;
let other: HeadlessClient;
let roomId: string;

function person(localpart: string): StackPerson {
  const found = land.people.find(({ userId }) => userId.startsWith(`@${localpart}:`));
  if (!found) throw new Error(`the stack has no ${localpart}`);
  return found;
}

beforeAll(async () => {
  const { domains } = await readStackFile(inject('stackFile'));
  const domain = Object.values(domains).find(({ serverName }) => serverName === 'land.hessen.test');
  if (!domain) throw new Error('the stack has no land.hessen.test');
  land = domain;
  const [first, second] = [person('miriam.sauer'), person('henrike.bolte')];
  [one, other] = await Promise.all([HeadlessClient.signIn(land, first), HeadlessClient.signIn(land, second)]);
  await Promise.all([one.secure(first), other.secure(second)]);
  roomId = accepted(
    await one.engine.startConversation({ class: 'gruppe', name: 'Begehung', people: [second.userId] }),
  ).roomId;
  await Promise.all([one.roomNamed('Begehung'), other.roomNamed('Begehung')]);
  await Promise.all([one.open(roomId), other.open(roomId)]);
});

afterAll(async () => {
  await Promise.all([one, other].map((client) => client?.signOut()));
});

describe('messages between two engines', () => {
  test('are read in the order in which they were sent, encrypted, and answered', async () => {
    const texts = ['eins', 'zwei', 'drei'];
    for (const text of texts) one.send(roomId, text);
    const last = await other.showsText('drei');
    expect(last.shield).toBeNull();
    const shown = other.timeline.flatMap(({ body }) => (body.kind === 'text' ? body.text : []));
    expect(shown).toEqual(texts);
    other.send(roomId, 'Verstanden.', { answers: last.eventId });
    const answer = await one.showsText('Verstanden.');
    expect(answer.quote).toMatchObject({ eventId: last.eventId, text: 'drei' });
  });

  test('can be edited, reacted to and deleted, and the other side follows', async () => {
    const itemId = one.send(roomId, 'Treffpnkt Staumauer');
    await other.showsText('Treffpnkt Staumauer');
    accepted(await one.engine.edit(roomId, itemId, { text: 'Treffpunkt Staumauer', mentionIds: [], answers: null }));
    const edited = await other.showsText('Treffpunkt Staumauer');
    expect(edited.isEdited).toBe(true);
    other.engine.react(roomId, edited.id, '👍');
    await one.shows('the reaction', ({ reactions }) => reactions.some(({ key }) => key === '👍'));
    one.engine.delete(roomId, itemId);
    const deleted = await other.shows('the deletion', ({ body, id }) => id === edited.id && body.kind === 'deleted');
    expect(deleted.reactions).toEqual([]);
  });
});
