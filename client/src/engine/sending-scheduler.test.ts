import { ConnectionError, MatrixError } from 'matrix-js-sdk/lib/http-api/errors.js';
import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './sending-scheduler.ts';

const answer = (status: number, body: object = {}): MatrixError =>
  new MatrixError({ errcode: 'M_UNKNOWN', ...body }, status);

describe('retryAfterMs', () => {
  it('never gives up while there is no connection, and asks at least every five seconds', () => {
    expect(retryAfterMs(1, new ConnectionError('away'))).toBe(1_000);
    expect(retryAfterMs(500, new ConnectionError('away'))).toBe(5_000);
  });

  it('gives back at once what the server refuses', () => {
    expect(retryAfterMs(1, answer(403, { errcode: 'M_FORBIDDEN' }))).toBe(-1);
  });

  it('gives a failing server four more chances', () => {
    expect(retryAfterMs(4, answer(502))).toBeGreaterThan(0);
    expect(retryAfterMs(5, answer(502))).toBe(-1);
  });

  it('waits as long as the server asks', () => {
    expect(retryAfterMs(1, answer(429, { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 1234 }))).toBe(1234);
  });
});
