import { describe, expect, it } from 'vitest';
import { FailureError, isPassing, toFailure } from './failures.ts';
import { HomeserverError, UnreachableError } from './matrix/homeserver-api.ts';

const limited = new HomeserverError(429, 'M_LIMIT_EXCEEDED', 7000, false);
const broken = new HomeserverError(502, 'M_UNKNOWN', null, false);
const refused = new HomeserverError(403, 'M_FORBIDDEN', null, false);

describe('toFailure', () => {
  it.each([
    ['no connection', new UnreachableError('away'), { kind: 'unreachable' }],
    ['a server error', broken, { kind: 'unreachable' }],
    ['a limit', limited, { kind: 'rate-limited', retryAfterMs: 7000 }],
    ['a locked account', new HomeserverError(403, 'M_USER_DEACTIVATED', null, false), { kind: 'account-locked' }],
    ['a refusal', refused, { kind: 'refused' }],
    ['something missing', new HomeserverError(404, 'M_NOT_FOUND', null, false), { kind: 'not-found' }],
    ['a full device', new DOMException('full', 'QuotaExceededError'), { kind: 'storage-full' }],
    ['anything else', new RangeError('boom'), { kind: 'unexpected', reference: 'RangeError' }],
  ])('names %s', (_what, error, failure) => {
    expect(toFailure(error)).toEqual(failure);
  });
});

describe('isPassing', () => {
  it.each([
    [new UnreachableError('away'), true],
    [limited, true],
    [broken, true],
    [new FailureError({ kind: 'unreachable' }), true],
    [new HomeserverError(401, 'M_UNKNOWN_TOKEN', null, true), true],
    [new DOMException('full', 'QuotaExceededError'), true],
    [refused, false],
    [new FailureError({ kind: 'wrong-credentials' }), false],
  ])('tells what waiting helps against from what it does not: %s', (error, passes) => {
    expect(isPassing(error)).toBe(passes);
  });
});
