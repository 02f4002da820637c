import { expect, onTestFinished, test } from 'vitest';
import { eventIdSchema, roomIdSchema, userIdSchema, type UserId } from '#contract/ids.ts';
import { verifyAudit } from '#appservice/audit/verify-audit.ts';
import { HomeserverError } from '#appservice/matrix/ports.ts';
import { openStore, type Store } from '#appservice/store/open-store.ts';
import { kultusPeople, ministries, userId } from '../authority/test-organisation.ts';
import { createModeration, type ModeratedHomeserver, type Moderation, type ModerationAct } from './moderation.ts';
import { placeOfRoom } from './place-of-room.ts';
import { readRemovals } from './removals.ts';

const organisation = ministries({
  kultusPeople: [
    ...kultusPeople,
    { id: 'mona.wacht', roles: ['moderator'] },
    { id: 'rolf.wacht', roles: [{ role: 'moderator', scope: 'hkm/referat' }] },
  ],
});
const mona = userId('mona.wacht');
const rolf = userId('rolf.wacht');
const anna = userId('anna.leit');
const rooms = {
  announcements: roomIdSchema.parse('!announcements'),
  unit: roomIdSchema.parse('!unit'),
  other: roomIdSchema.parse('!other'),
  chat: roomIdSchema.parse('!chat'),
};
const addresses: [string, string][] = [
  ['room/hkm', rooms.announcements],
  ['room/hkm/referat', rooms.unit],
  ['room/hmdf', rooms.other],
  ['conversation/1', rooms.chat],
];
const message: ModerationAct = {
  kind: 'remove-message',
  eventId: eventIdSchema.parse('$message'),
  reason: 'Beleidigung',
};

async function open(refusal?: HomeserverError): Promise<{ moderation: Moderation; store: Store; asked: unknown[] }> {
  const store = await openStore({ url: 'sqlite::memory:' });
  onTestFinished(() => store.close());
  const values = addresses.map(([address, id]) => ({ address, room_id: id, class: 'einheit', created_at: 1 }));
  await store.db.insertInto('room').values(values).execute();
  const asked: unknown[] = [];
  const ask =
    (method: keyof ModeratedHomeserver) =>
    async (...parameters: unknown[]): Promise<void> => {
      // No act without its row: it stands before the homeserver is asked.
      asked.push([method, ...parameters, (await actionsOf(store)).length]);
      if (refusal !== undefined) throw refusal;
    };
  const homeserver: ModeratedHomeserver = {
    readMembership: async () => null,
    readMessage: async (_room, eventId) =>
      eventId === '$message' ? { sender: anna, sentAt: 1, isDeleted: false } : null,
    redact: ask('redact'),
    ban: ask('ban'),
    unban: ask('unban'),
  };
  const isDeclared = (person: UserId): boolean => person.endsWith(':land.hessen.test') && !person.includes('landbote');
  const moderation = createModeration({
    homeserver,
    store,
    organisation: () => organisation,
    isDeclared,
    now: () => 1,
  });
  return { moderation, store, asked };
}

async function actionsOf({ db }: Store): Promise<string[]> {
  return (await db.selectFrom('audit').select('action').orderBy('sequence').execute()).map(({ action }) => action);
}

test('a message is removed in the name of the moderator, and the row with the reason stands first', async () => {
  const { moderation, store, asked } = await open();
  expect(await moderation.act(rooms.unit, message, mona)).toBeNull();
  expect(asked).toEqual([['redact', rooms.unit, '$message', 'Beleidigung', 1]]);
  const row = await store.db.selectFrom('audit').selectAll().executeTakeFirstOrThrow();
  expect(row).toMatchObject({ actor: mona, action: 'moderation.message-removed', subject: rooms.unit });
  expect(JSON.parse(row.detail)).toMatchObject({ eventId: '$message', reason: 'Beleidigung' });
  expect(await verifyAudit(store.db)).toMatchObject({ firstBadSequence: null });
});

test('a person is put out until they are let in again', async () => {
  const { moderation, store, asked } = await open();
  expect(await moderation.act(rooms.unit, { kind: 'remove-person', userId: anna, reason: 'Drohung' }, rolf)).toBeNull();
  expect(
    await moderation.act(rooms.unit, { kind: 'readmit-person', userId: anna, reason: 'geklärt' }, rolf),
  ).toBeNull();
  expect(asked).toEqual([
    ['ban', rooms.unit, anna, 'Drohung', 1],
    ['unban', rooms.unit, anna, 'geklärt', 2],
  ]);
  expect(await actionsOf(store)).toEqual(['moderation.person-removed', 'moderation.person-readmitted']);
});

const removal: ModerationAct = { kind: 'remove-person', userId: anna, reason: 'Drohung' };
const readmission: ModerationAct = { ...removal, kind: 'readmit-person' };

test('who was put out is known until they are let in again, so that repairs leave them out', async () => {
  const { moderation, store } = await open();
  await moderation.act(rooms.unit, removal, mona);
  expect(await readRemovals(store.db)).toEqual(new Map([['room/hkm/referat', new Set([anna])]]));
  await moderation.act(rooms.unit, readmission, mona);
  expect(await readRemovals(store.db)).toEqual(new Map());
});

test('a removal that the homeserver refuses is forgotten; one without an answer stays wanted', async () => {
  const refused = await open(new HomeserverError(403, 'M_FORBIDDEN', 'no'));
  await refused.moderation.act(rooms.unit, removal, mona);
  expect(await readRemovals(refused.store.db)).toEqual(new Map());
  const unanswered = await open(new HomeserverError(0, 'M_UNKNOWN', 'no answer'));
  await expect(unanswered.moderation.act(rooms.unit, removal, mona)).rejects.toThrow('no answer');
  expect(await readRemovals(unanswered.store.db)).toEqual(new Map([['room/hkm/referat', new Set([anna])]]));
  expect(await actionsOf(unanswered.store)).toEqual(['moderation.person-removed', 'moderation.failed']);
});

test('what the homeserver refuses stands in the audit trail as failed', async () => {
  const { moderation, store } = await open(new HomeserverError(404, 'M_NOT_FOUND', 'no such event'));
  expect(await moderation.act(rooms.unit, message, mona)).toBe('moderation.refused');
  expect(await actionsOf(store)).toEqual(['moderation.message-removed', 'moderation.failed']);
});

test.each([
  ['a room of another body', rooms.other, mona, 'scope.exceeded'],
  ['a room above the unit where the role holds', rooms.announcements, rolf, 'scope.exceeded'],
  ['somebody without the role', rooms.unit, anna, 'scope.exceeded'],
  ['a chat that people started', rooms.chat, mona, 'room.unknown'],
  ['a room that is none', roomIdSchema.parse('!nothing'), mona, 'room.unknown'],
] as const)('%s is not moderated, and nothing is asked of the homeserver', async (_what, room, moderator, refusal) => {
  const { moderation, asked } = await open();
  expect(await moderation.act(room, message, moderator)).toBe(refusal);
  expect(asked).toEqual([]);
});

test('state cannot be taken away as if it were a message', async () => {
  const { moderation, store, asked } = await open();
  const state: ModerationAct = { kind: 'remove-message', reason: '-', eventId: eventIdSchema.parse('$server-acl') };
  expect(await moderation.act(rooms.unit, state, mona)).toBe('moderation.refused');
  expect(asked).toEqual([]);
  expect(await actionsOf(store)).toEqual([]);
});

test('the bot cannot be put out', async () => {
  const { moderation, asked } = await open();
  const bot = userIdSchema.parse('@landbote:land.hessen.test');
  expect(await moderation.act(rooms.unit, { kind: 'remove-person', userId: bot, reason: '-' }, mona)).toBe(
    'person.unknown',
  );
  expect(asked).toEqual([]);
});

test('a room under `rooms` stands where its file puts it', () => {
  const [declared] = organisation.bodies.flatMap(({ id, rooms: own }) => own.map((room) => ({ id, room })));
  if (declared === undefined) throw new Error('No room is declared.');
  expect(placeOfRoom(`room/${declared.id}/+${declared.room.id}`, organisation)).toMatch(new RegExp(`^${declared.id}`));
  expect(placeOfRoom(`room/${declared.id}/+gibt-es-nicht`, organisation)).toBeNull();
  expect(placeOfRoom('space/hkm', organisation)).toBeNull();
});
