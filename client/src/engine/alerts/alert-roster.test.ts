import { array, assert, constantFrom, nat, property, record, shuffledSubarray, tuple, constant } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedReceipt } from '#contract/alert-receipts.ts';
import { userIdSchema } from '#contract/ids.ts';
import { alertRoster, recipientsOf } from './alert-roster.ts';

const ole = userIdSchema.parse('@ole:polizei.hessen.test');
const pia = userIdSchema.parse('@pia:polizei.hessen.test');
const alert = { senderId: ole, sentAt: 100 };
const nobody = new Set<string>();

function said(kind: RecordedReceipt['kind'], at: number, more: Partial<RecordedReceipt> = {}): RecordedReceipt {
  return { userId: pia, deviceId: 'PHONE', kind, at, recordedAt: at + 1, ...more };
}

describe('who was there when it was sent', () => {
  it.each([
    ['somebody who had joined', { membership: 'join', before: 'invite', at: 100 }, true],
    ['a late joiner', { membership: 'join', before: 'invite', at: 101 }, false],
    ['somebody who was invited', { membership: 'invite', before: null, at: 50 }, false],
    ['somebody who had left', { membership: 'leave', before: 'join', at: 100 }, false],
    ['a leaver', { membership: 'leave', before: 'join', at: 101 }, true],
    ['somebody who was put out later', { membership: 'ban', before: 'join', at: 101 }, true],
    ['somebody who changed their name later', { membership: 'join', before: 'join', at: 101 }, true],
  ])('%s', (_who, change, wasThere) => {
    expect(recipientsOf(alert, [{ userId: pia, ...change }])).toEqual(wasThere ? [pia] : []);
  });

  it('is not the sender', () => {
    expect(recipientsOf(alert, [{ userId: ole, membership: 'join', before: null, at: 1 }])).toEqual([]);
  });
});

describe('what is proven of a person', () => {
  it.each<[string, readonly RecordedReceipt[], string, number | null]>([
    ['nothing', [], 'open', null],
    ['an arrival', [said('arrived', 110)], 'arrived', 110],
    ['an arrival on two devices: the first', [said('arrived', 120), said('arrived', 110)], 'arrived', 110],
    ['a look at it', [said('arrived', 110), said('displayed', 112)], 'displayed', 112],
    ['an act', [said('displayed', 112), said('acknowledged', 113)], 'acknowledged', 113],
    ['the same act twice', [said('acknowledged', 113), said('acknowledged', 113)], 'acknowledged', 113],
    ['the later of two acts', [said('on-it', 120), said('acknowledged', 113)], 'on-it', 120],
    ['acts on two devices', [said('acknowledged', 113), said('on-it', 115, { deviceId: 'STATION' })], 'on-it', 115],
    ['an act taken back', [said('displayed', 112), said('on-it', 113), said('withdrawn', 114)], 'displayed', 112],
    ['an act taken back, and nothing else known', [said('on-it', 113), said('withdrawn', 114)], 'arrived', 114],
    ['an act after one was taken back', [said('withdrawn', 114), said('acknowledged', 115)], 'acknowledged', 115],
    ['a clock ahead', [said('acknowledged', 900, { recordedAt: 130 })], 'acknowledged', 130],
    [
      'a clock ahead, then an act by a right one',
      [said('acknowledged', 900, { recordedAt: 130 }), said('on-it', 140, { deviceId: 'STATION' })],
      'on-it',
      140,
    ],
    ['an act while there was no connection', [said('acknowledged', 113, { recordedAt: 500 })], 'acknowledged', 113],
  ])('%s', (_what, receipts, state, at) => {
    expect(alertRoster([pia], receipts, nobody)).toEqual([{ userId: pia, state, at }]);
  });

  it('says that nobody could have read it, unless a device has', () => {
    const without = new Set([pia]);
    expect(alertRoster([pia], [], without)).toEqual([{ userId: pia, state: 'no-device', at: null }]);
    expect(alertRoster([pia], [said('arrived', 110)], without)).toEqual([{ userId: pia, state: 'arrived', at: 110 }]);
  });

  it('counts nothing of who was not there', () => {
    expect(alertRoster([], [said('acknowledged', 113)], nobody)).toEqual([]);
  });

  const receipts = array(
    record({
      userId: constantFrom(ole, pia),
      deviceId: constantFrom('PHONE', 'STATION'),
      kind: constantFrom('arrived', 'displayed', 'acknowledged', 'on-it', 'hint', 'withdrawn'),
      at: nat(20),
      recordedAt: nat(20),
    }),
  );

  it('depends neither on the order in which receipts came in nor on how often', () => {
    assert(
      property(
        receipts.chain((list) => tuple(constant(list), shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          const inAnyOrder = alertRoster([ole, pia], [...shuffled, ...shuffled], nobody);
          expect(inAnyOrder).toEqual(alertRoster([ole, pia], list, nobody));
        },
      ),
    );
  });

  it('names everybody once, in the order of those who were there', () => {
    assert(
      property(receipts, (list) => {
        expect(alertRoster([pia, ole], list, nobody).map(({ userId }) => userId)).toEqual([pia, ole]);
      }),
    );
  });
});
