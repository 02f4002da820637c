import { describe, expect, it, vi } from 'vitest';
import type { AlertReceipt, RecordedReceipt } from '#contract/alert-receipts.ts';
import { FailureError } from '../failures.ts';
import type { AlertAnswer } from '../protocol.ts';
import { memoryStorage } from '../storage/memory-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { AlertReceipts } from './alert-receipts.ts';

interface Options {
  readonly storage?: Storage;
  readonly known?: readonly Partial<RecordedReceipt>[];
  /** Why nobody can be asked, in turn. */
  readonly unanswered?: FailureError[];
  /** Why the other devices cannot be told, in turn. */
  readonly untold?: FailureError[];
  /** What the appservice answers, in turn; afterwards it takes everything. */
  readonly failures?: FailureError[];
}

function start({ storage = memoryStorage(), known = [], failures = [], unanswered = [], untold = [] }: Options = {}) {
  const told: unknown[] = [];
  let asked = 0;
  const sent: (AlertReceipt & { eventId: string })[] = [];
  let answers: Readonly<Record<string, AlertAnswer>> = {};
  const receipts = new AlertReceipts({
    deviceId: 'PHONE',
    storage,
    appservice: {
      sendAlertReceipt: async (_roomId, eventId, receipt) => {
        const failure = failures.shift();
        if (failure) throw failure;
        sent.push({ eventId, ...receipt });
      },
      alertReceipts: async () => {
        asked += 1;
        const failure = unanswered.shift();
        if (failure) throw failure;
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as much as is looked at
        return known as readonly RecordedReceipt[];
      },
    },
    tellOwnDevices: async ({ eventId }, transactionId) => {
      told.push([eventId, transactionId]);
      const failure = untold.shift();
      if (failure) throw failure;
    },
    onAnswers: (next) => (answers = next),
  });
  return { receipts, sent, told, storage, asked: () => asked, answers: () => answers };
}

const unreachable = (): FailureError => new FailureError({ kind: 'unreachable' });

describe('what a device says of alerts', () => {
  it('is sent with the time of the act, once the connection is back', async () => {
    vi.setSystemTime(1_000);
    const { receipts, sent } = start({ failures: [unreachable()] });
    await receipts.answer('!a', '$a', 'acknowledged');
    vi.setSystemTime(61_000);
    await vi.waitFor(() => {
      receipts.wake();
      expect(sent).toHaveLength(1);
    });
    expect(sent).toEqual([{ eventId: '$a', deviceId: 'PHONE', kind: 'acknowledged', at: 1_000 }]);
    vi.useRealTimers();
  });

  it('survives the end of the engine, and is sent by the next one', async () => {
    const first = start({ failures: [unreachable()] });
    await first.receipts.answer('!a', '$a', 'on-it');
    first.receipts.stop();
    const next = start({ storage: first.storage });
    await next.receipts.restore();
    await vi.waitFor(() => expect(next.sent).toHaveLength(1));
    expect(next.answers()['$a']?.act).toBe('on-it');
    expect(first.sent).toEqual([]);
  });

  it('is said once of an arrival, however often the room changes', async () => {
    const { receipts, sent } = start();
    await receipts.noteOnce('!a', '$a', 'arrived');
    await receipts.noteOnce('!a', '$a', 'arrived');
    await receipts.answer('!a', '$a', 'acknowledged');
    await vi.waitFor(() => expect(sent.map(({ kind }) => kind)).toEqual(['arrived', 'acknowledged']));
  });

  it('is given up where it is refused for good, and what follows leaves', async () => {
    const gone = new FailureError({ kind: 'unexpected', reference: 'alert.unknown' });
    const { receipts, sent } = start({ failures: [gone] });
    await receipts.answer('!a', '$gone', 'acknowledged');
    await receipts.answer('!a', '$a', 'acknowledged');
    await vi.waitFor(() => expect(sent.map(({ eventId }) => eventId)).toEqual(['$a']));
  });

  it('is told the person’s other devices if it is an answer, under one id until they know', async () => {
    vi.setSystemTime(1_000);
    const { receipts, sent, told } = start({ untold: [unreachable()] });
    await receipts.noteOnce('!a', '$a', 'arrived');
    await receipts.answer('!a', '$a', 'acknowledged');
    await vi.waitFor(() => {
      receipts.wake();
      expect(told).toHaveLength(2);
    });
    expect(told[1]).toEqual(told[0]);
    // The appservice keeps the same receipt once.
    expect(new Set(sent.map(({ kind, at }) => `${kind} ${at}`))).toEqual(
      new Set(['arrived 1000', 'acknowledged 1000']),
    );
    vi.useRealTimers();
  });
});

describe('what the person has answered on another device', () => {
  const elsewhere = { deviceId: 'STATION', kind: 'acknowledged', at: 500, recordedAt: 600 } as const;
  const alert = { roomId: '!a', eventId: '$a' };

  it('is asked for once of an alert that stands here, and again until there is an answer', async () => {
    const { receipts, asked, answers } = start({ known: [elsewhere], unanswered: [unreachable()] });
    receipts.stands(alert);
    receipts.stands(alert);
    await vi.waitFor(() => {
      receipts.wake();
      expect(answers()).toEqual({ $a: { act: 'acknowledged', at: 500 } });
    });
    receipts.stands(alert);
    expect(asked()).toBe(2);
  });

  it('is asked for anew whenever that device says so', async () => {
    const known: Partial<RecordedReceipt>[] = [elsewhere];
    const { receipts, answers } = start({ known });
    receipts.stands(alert);
    await vi.waitFor(() => expect(answers()['$a']?.act).toBe('acknowledged'));
    known.push({ ...elsewhere, kind: 'withdrawn', at: 700, recordedAt: 701 });
    receipts.askAgain(alert);
    await vi.waitFor(() => expect(answers()['$a']?.act).toBe('withdrawn'));
  });

  it('was not answered later than it was recorded, whatever that device’s clock says', async () => {
    const { receipts, answers } = start({ known: [{ ...elsewhere, at: 9_000 }] });
    receipts.stands(alert);
    await vi.waitFor(() => expect(answers()['$a']?.at).toBe(600));
  });

  it('stands here at the next start, without a network', async () => {
    const now = Date.now();
    const first = start({ known: [{ ...elsewhere, at: now, recordedAt: now }] });
    first.receipts.stands(alert);
    await vi.waitFor(async () => {
      const next = start({ storage: first.storage });
      await next.receipts.restore();
      expect(next.answers()['$a']?.act).toBe('acknowledged');
    });
  });

  it('does not keep this device from saying that the alert was displayed here', async () => {
    const { receipts, sent, asked } = start({ known: [{ ...elsewhere, kind: 'displayed' }] });
    receipts.stands(alert);
    await vi.waitFor(() => expect(asked()).toBe(1));
    await receipts.noteOnce('!a', '$a', 'displayed');
    await vi.waitFor(() => expect(sent.map(({ kind }) => kind)).toEqual(['displayed']));
  });
});
