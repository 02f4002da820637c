import { expect, onTestFinished, test, vi } from 'vitest';
import { readClosedAccounts } from './closed-accounts.ts';

const anna = '@anna:land.hessen.test';

/** A homeserver that answers every question so. */
function answering(status: number, body: object) {
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(body, { status })));
  onTestFinished(() => void vi.unstubAllGlobals());
  return { url: 'http://homeserver.test', token: 'secret', abandoned: new AbortController().signal };
}

test('who was closed, without what can be no declared person’s id', async () => {
  const listener = answering(200, { closed: [anna, 'no id'] });
  expect(await readClosedAccounts(listener)).toEqual(new Set([anna]));
});

test('nobody where the homeserver cannot say', async () => {
  const older = answering(404, { errcode: 'M_UNRECOGNIZED', error: 'Unrecognized request' });
  expect(await readClosedAccounts(older)).toEqual(new Set());
  expect(await readClosedAccounts(null)).toEqual(new Set());
});

test('an answer that is none is an error: nobody must be brought back for want of one', async () => {
  await expect(readClosedAccounts(answering(200, { people: [] }))).rejects.toThrow('unexpected answer');
  await expect(readClosedAccounts(answering(500, {}))).rejects.toThrow('unexpected answer');
});
