import { Readable, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { readArguments, UsageError } from './arguments.ts';
import { readPassword } from './read-password.ts';

const who = ['--als', '@kim.kultus:land.hessen.test', '--server', 'http://127.0.0.1:1', '--api', 'http://127.0.0.1:2'];

test('a call names command, subject and who asks whom', () => {
  expect(readArguments(['approve', 'abc', ...who], {})).toMatchObject({
    command: 'approve',
    subject: 'abc',
    user: '@kim.kultus:land.hessen.test',
    apiUrl: 'http://127.0.0.1:2',
  });
});

test('addresses may come from the environment', () => {
  const environment = { LANDBOTE_SERVER: 'http://127.0.0.1:3', LANDBOTE_API: 'http://127.0.0.1:4' };
  const call = readArguments(['drift', '--als', '@kim.kultus:land.hessen.test'], environment);
  expect(call).toMatchObject({ homeserverUrl: 'http://127.0.0.1:3', apiUrl: 'http://127.0.0.1:4' });
});

test.each([
  ['no command', who],
  ['an unknown command', ['destroy', ...who]],
  ['a word too many', ['approve', 'abc', 'def', ...who]],
  ['a password on the command line', ['plan', '--passwort', 'geheim', ...who]],
  ['nobody who asks', ['plan', ...who.slice(2)]],
])('%s is refused with the usage', (_case, words) => {
  expect(() => readArguments(words, {})).toThrow(UsageError);
});

test('the password is the first line of standard input', async () => {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  expect(await readPassword(undefined, Readable.from(['geheim mit Leerzeichen\n', 'mehr\n']), nowhere)).toBe(
    'geheim mit Leerzeichen',
  );
});
