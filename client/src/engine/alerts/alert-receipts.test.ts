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
  /** What the appservice answers, in turn; afterwards it takes everything. */
  readonly failures?: FailureError[];
}

function start({ storage = memoryStorage(), known = [], failures = [] }: Options = {}) {
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
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as much as is looked at
      alertReceipts: async () => known as readonly RecordedReceipt[],
    },
    onAnswers: (next) => (answers = next),
  });
  return { receipts, sent, storage, answers: () => answers };
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

  it('includes what the person has answered on another device', async () => {
    const known = [{ deviceId: 'STATION', kind: 'acknowledged', at: 500 }] as const;
    const { receipts, sent, answers } = start({ known });
    await receipts.noteOnce('!a', '$a', 'arrived');
    await vi.waitFor(() => expect(answers()).toEqual({ $a: { act: 'acknowledged', at: 500 } }));
    await vi.waitFor(() => expect(sent.map(({ kind }) => kind)).toEqual(['arrived']));
  });
});
