import { describe, expect, test } from 'vitest';
import { parseLoggedRequest } from './request-log.ts';

function line(log: string, namespace = 'synapse.access.https.federation'): string {
  return JSON.stringify({ log, namespace, level: 'INFO', time: 1795440353.31 });
}

const processed = (requester: string, status: string, request: string, agent: string): string =>
  `127.0.0.1 - federation - {${requester}} Processed request: 0.010sec/0.000sec ru=(0.005sec, 0.000sec) ` +
  `db=(0.001sec/0.002sec/3) 87B ${status} "${request}" "${agent}" [0 dbevts]`;

describe('a line of the request log', () => {
  test('tells who asked for what, and how it was answered', () => {
    const log = processed(
      'schule.hessen.test',
      '200',
      'GET /_matrix/federation/v1/event/$a HTTP/1.1',
      'Synapse/1.163.2',
    );
    expect(parseLoggedRequest(line(log))).toEqual({
      requester: 'schule.hessen.test',
      status: 200,
      method: 'GET',
      uri: '/_matrix/federation/v1/event/$a',
      userAgent: 'Synapse/1.163.2',
    });
  });

  test('names nobody when authentication failed', () => {
    const log = processed('None', '403', 'PUT /_matrix/federation/v1/send/1 HTTP/1.1', 'landbote-test/1');
    expect(parseLoggedRequest(line(log))).toMatchObject({ requester: null, status: 403 });
  });

  test('counts as answered when the caller hung up before the end', () => {
    const log = processed('None', '200!', 'GET /_matrix/client/v3/sync HTTP/1.1', 'landbote-test/1');
    expect(parseLoggedRequest(line(log))).toMatchObject({ status: 200 });
  });

  test.each([
    ['another part of Synapse', line(processed('None', '200', 'GET / HTTP/1.1', '-'), 'synapse.http.server')],
    ['something else', line('127.0.0.1 - federation - Received request: GET /')],
    ['half a line', '{"log":"127.0.0.1'],
  ])('is skipped when it is about %s', (_what, text) => {
    expect(parseLoggedRequest(text)).toBeNull();
  });
});
