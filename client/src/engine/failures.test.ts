import { ConnectionError, MatrixError } from 'matrix-js-sdk/lib/http-api/errors.js';
import { describe, expect, it } from 'vitest';
import { toFailure } from './failures.ts';

describe('toFailure', () => {
  it.each([
    ['no connection', new ConnectionError('away'), { kind: 'unreachable' }],
    ['a server error', new MatrixError({ errcode: 'M_UNKNOWN' }, 502), { kind: 'unreachable' }],
    [
      'a limit',
      new MatrixError({ errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 7000 }, 429),
      { kind: 'rate-limited', retryAfterMs: 7000 },
    ],
    ['a locked account', new MatrixError({ errcode: 'M_USER_DEACTIVATED' }, 403), { kind: 'account-locked' }],
    ['a refusal', new MatrixError({ errcode: 'M_FORBIDDEN' }, 403), { kind: 'refused' }],
    ['anything else', new RangeError('boom'), { kind: 'unexpected', reference: 'RangeError' }],
  ])('names %s', (_what, error, failure) => {
    expect(toFailure(error)).toEqual(failure);
  });
});
