import { expect, test } from 'vitest';
import { eventIdSchema, roomIdSchema, userIdSchema, type UserId } from '#contract/ids.ts';
import { openTestDatabase } from '#appservice/store/test-database.ts';
import { createAlertDesk, type AlertDesk } from './alert-desk.ts';
import { createAlertRecords, forgetOldAlerts } from './alert-records.ts';

const alert = { roomId: roomIdSchema.parse('!fahndung'), eventId: eventIdSchema.parse('$alert') };
const elsewhere = { ...alert, roomId: roomIdSchema.parse('!andere') };
const policeUser = (name: string): UserId => userIdSchema.parse(`@${name}:polizei.hessen.test`);
const sender = policeUser('ole');
const reader = policeUser('pia');
const former = policeUser('ex');
const stranger = policeUser('fremd');
const memberships = new Map([
  [sender, 'join'],
  [reader, 'join'],
  [former, 'leave'],
]);
const acknowledged = { deviceId: 'PHONE', kind: 'acknowledged', at: 500 } as const;
const sentAt = 1_000_000;

async function open() {
  const deleted = new Set<string>();
  const database = await openTestDatabase();
  const asked: string[] = [];
  const clock = { now: sentAt };
  const desk: AlertDesk = createAlertDesk({
    records: createAlertRecords(database),
    homeserver: {
      readMessage: async (roomId, eventId) => {
        asked.push('message');
        const isDeleted = deleted.has(eventId);
        return roomId === alert.roomId && eventId === alert.eventId ? { sender, sentAt, isDeleted } : null;
      },
      readMembership: async (_room, userId) => {
        asked.push('membership');
        return memberships.get(userId) ?? null;
      },
    },
    now: () => clock.now,
  });
  return { desk, asked, clock, database, deleted };
}

test('what devices said of an alert is there for its sender, each thing once, with when it came in', async () => {
  const { desk, clock } = await open();
  await desk.record(alert, acknowledged, reader);
  clock.now += 7;
  await desk.record(alert, acknowledged, reader);
  await desk.record(alert, { ...acknowledged, kind: 'withdrawn', at: 501 }, reader);
  expect(await desk.read(alert, sender)).toEqual([
    { userId: reader, ...acknowledged, recordedAt: sentAt },
    { userId: reader, ...acknowledged, kind: 'withdrawn', at: 501, recordedAt: sentAt + 7 },
  ]);
});

test('whoever has not sent the alert reads nothing but their own', async () => {
  const { desk } = await open();
  await desk.record(alert, acknowledged, reader);
  await desk.record(alert, acknowledged, former);
  expect(await desk.read(alert, reader)).toEqual([{ userId: reader, ...acknowledged, recordedAt: sentAt }]);
  expect(await desk.read(alert, stranger)).toEqual([]);
  expect(await desk.read(elsewhere, sender)).toBe('alert.unknown');
});

test.each([
  ['a member of the room', reader, alert, null],
  ['somebody who has left it', former, alert, null],
  ['somebody who never was in it', stranger, alert, 'alert.unknown'],
  ['a member, of a message that is in another room', reader, elsewhere, 'alert.unknown'],
])('%s is answered as is due', async (_who, userId, of, answer) => {
  const { desk } = await open();
  expect(await desk.record(of, acknowledged, userId)).toBe(answer);
});

test('the homeserver is asked once for the message and once for each person', async () => {
  const { desk, asked } = await open();
  await desk.record(alert, { ...acknowledged, kind: 'arrived' }, reader);
  await desk.record(alert, acknowledged, reader);
  await desk.record(alert, acknowledged, former);
  await desk.read(alert, sender);
  expect(asked).toEqual(['message', 'membership', 'membership']);
});

test('nothing is kept of what is said after the alert was deleted', async () => {
  const { desk, deleted } = await open();
  deleted.add(alert.eventId);
  expect(await desk.record(alert, acknowledged, reader)).toBe('alert.unknown');
  expect(await desk.read(alert, sender)).toBe('alert.unknown');
});

test('after thirty days nothing is left of it', async () => {
  const { desk, clock, database } = await open();
  await desk.record(alert, acknowledged, reader);
  const receipts = () => database.selectFrom('alert_receipt').selectAll().execute();
  await forgetOldAlerts(database, () => clock.now + 30 * 86_400_000);
  expect(await receipts()).toHaveLength(1);
  await forgetOldAlerts(database, () => clock.now + 30 * 86_400_000 + 1);
  expect(await receipts()).toEqual([]);
});
