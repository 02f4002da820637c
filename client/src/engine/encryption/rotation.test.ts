import { describe, expect, it } from 'vitest';
import { rotationOf } from './rotation.ts';

const algorithm = 'm.megolm.v1.aes-sha2';
const week = 604_800_000;

describe('rotationOf', () => {
  it('replaces a key as often as the room asks for', () => {
    expect(rotationOf({ algorithm, rotation_period_ms: 3_600_000, rotation_period_msgs: 5 })).toEqual({
      periodMs: 3_600_000,
      messages: 5,
    });
  });

  it.each([
    {},
    { rotation_period_ms: Number.MAX_SAFE_INTEGER, rotation_period_msgs: 1e12 },
    { rotation_period_ms: -1, rotation_period_msgs: 0 },
    { rotation_period_ms: '1', rotation_period_msgs: null },
    { rotation_period_ms: 0.5, rotation_period_msgs: Number.NaN },
  ])('lets no key last longer than a week or 100 messages, whatever the settings say: %j', (settings) => {
    expect(rotationOf({ algorithm, ...settings })).toEqual({ periodMs: week, messages: 100 });
  });

  it.each([{}, { algorithm: 'm.none' }, { algorithm: 7 }])('speaks no other algorithm: %j', (settings) => {
    expect(() => rotationOf(settings)).toThrow('unknown-algorithm');
  });
});
