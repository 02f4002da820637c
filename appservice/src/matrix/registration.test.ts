import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { expect, it } from 'vitest';
import { readRegistration } from './registration.ts';

const sound = {
  id: 'landbote',
  url: null,
  as_token: 'a'.repeat(40),
  hs_token: 'b'.repeat(40),
  sender_localpart: 'landbote',
  rate_limited: false,
  namespaces: { users: [{ exclusive: true, regex: '@landbote:.*' }] },
};

async function fileWith(content: unknown): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'landbote-registration-')), 'registration.yaml');
  await writeFile(path, stringify(content));
  return path;
}

it('reads what the homeserver reads too', async () => {
  await expect(readRegistration(await fileWith(sound))).resolves.toMatchObject({ id: 'landbote', url: null });
});

it('refuses short tokens and names every problem, but never a token', async () => {
  const path = await fileWith({ ...sound, as_token: 'kurz-geheim', sender_localpart: '' });
  const error: unknown = await readRegistration(path).catch((reason: unknown) => reason);
  expect(String(error)).toMatch(/as_token: shorter than 32 characters.*sender_localpart/);
  expect(String(error)).not.toContain('kurz-geheim');
});
