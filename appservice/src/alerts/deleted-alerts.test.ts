import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { eventIdSchema, roomIdSchema, userIdSchema } from '#contract/ids.ts';
import type { SentMessage } from '#appservice/matrix/ports.ts';
import { openTestDatabase } from '#appservice/store/test-database.ts';
import { createAlertRecords } from './alert-records.ts';
import { createDeletedAlerts } from './deleted-alerts.ts';

const roomId = roomIdSchema.parse('!fahndung');
const alert = { roomId, eventId: eventIdSchema.parse('$alert') };
const other = { roomId, eventId: eventIdSchema.parse('$other') };
const sender = userIdSchema.parse('@ole:polizei.hessen.test');
const receipt = { deviceId: 'PHONE', kind: 'acknowledged', at: 500, userId: sender, recordedAt: 501 } as const;
const message: SentMessage = { sender, sentAt: 1, isDeleted: false };
const deletion = { type: 'm.room.redaction', room_id: roomId, content: { redacts: alert.eventId } };
const formerDeletion = { ...deletion, redacts: alert.eventId, content: {} };

/** Two alerts with a receipt each. @param answers what the homeserver says of a message, in turn */
async function open(...answers: (SentMessage | null | Error)[]) {
  const records = createAlertRecords(await openTestDatabase());
  for (const { eventId } of [alert, other]) {
    await records.begin({ roomId, eventId }, message);
    await records.add(eventId, receipt);
  }
  const asked: string[] = [];
  const deleted = createDeletedAlerts({
    records,
    homeserver: {
      readMessage: async (_room, eventId) => {
        asked.push(eventId);
        const answer = answers.shift() ?? null;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    retryMsMax: 1,
    logger: pino({ level: 'silent' }),
  });
  onTestFinished(() => deleted.stop());
  const left = async (): Promise<number[]> =>
    Promise.all([alert, other].map(async ({ eventId }) => (await records.receiptsOf(eventId)).length));
  return { ...deleted, asked, left };
}

test.each([
  ['its message was deleted', deletion, { ...message, isDeleted: true }],
  ['its message was deleted in a room of an old version', formerDeletion, { ...message, isDeleted: true }],
  ['the room has no such message any more', deletion, null],
])('what was said of an alert goes when %s, and nothing else', async (_what, event, answer) => {
  const { noteEvent, left } = await open(answer);
  noteEvent(event);
  await vi.waitFor(async () => expect(await left()).toEqual([0, 1]));
});

test('a deletion that the homeserver did not follow takes nothing', async () => {
  const { noteEvent, asked, left } = await open(message, { ...message, isDeleted: true });
  noteEvent(deletion);
  noteEvent({ ...deletion, content: { redacts: other.eventId } });
  await vi.waitFor(async () => expect(await left()).toEqual([1, 0]));
  expect(asked).toEqual([alert.eventId, other.eventId]);
});

test('a homeserver that does not answer is asked again', async () => {
  const { noteEvent, left } = await open(new Error('away'), { ...message, isDeleted: true });
  noteEvent(deletion);
  await vi.waitFor(async () => expect(await left()).toEqual([0, 1]), 5_000);
});

test('of what is no alert, and of anything else that happens, nobody is asked', async () => {
  const { noteEvent, asked, left } = await open({ ...message, isDeleted: true });
  noteEvent({ ...deletion, content: { redacts: '$message' } });
  noteEvent({ ...deletion, type: 'm.room.message' });
  noteEvent({ ...deletion, content: { redacts: 7 } });
  noteEvent(deletion);
  await vi.waitFor(async () => expect(await left()).toEqual([0, 1]));
  expect(asked).toEqual([alert.eventId]);
});
