/**
 * Compose itself reads docker-compose.yml, and understands it as the tests of this folder do. They start what they
 * read, so this holds them to the real thing.
 */
import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readComposeFile } from '../compose-file.ts';
import { composeFilePath, sampleVariables } from '../sample-variables.ts';

const runFile = promisify(execFile);

/** `docker-compose` 1.29 (Debian) or the `docker compose` of today, whichever this machine has. */
async function runCompose(variables: Readonly<Record<string, string>>, ...arguments_: string[]): Promise<string> {
  const options = { cwd: dirname(composeFilePath), env: { PATH: process.env['PATH'], ...variables } };
  try {
    return (await runFile('docker-compose', arguments_, options)).stdout;
  } catch (error) {
    if (!isMissing(error)) throw error;
    return (await runFile('docker', ['compose', ...arguments_], options).catch(explainMissing)).stdout;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function explainMissing(error: unknown): never {
  if (!isMissing(error)) throw error;
  throw new Error('Compose is missing. Install it (Debian, Ubuntu: apt install docker-compose) and run this again.');
}

const words = z.array(z.string());
const readByCompose = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      user: z.string(),
      entrypoint: words,
      command: words,
      environment: z.record(z.string(), z.string()).default({}),
      cap_drop: words,
      security_opt: words,
      read_only: z.boolean(),
      tmpfs: z.union([words, z.string().transform((one) => [one])]),
      healthcheck: z.object({ test: words }),
      secrets: z.array(z.object({ source: z.string(), target: z.string() })).default([]),
    }),
  ),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

test('Compose reads the file as these tests do', async () => {
  const text = await runCompose(sampleVariables, 'config');
  // Compose doubles dollar signs in what it prints, so that it could be read again.
  const byCompose = readByCompose.parse(parse(text.replaceAll('$$', '$')));
  const byTests = readByCompose.parse(await readComposeFile(composeFilePath, sampleVariables));
  expect(byCompose).toEqual(byTests);
});

test('without configure.ts Compose refuses to start and says what to do', async () => {
  await expect(runCompose({}, 'config')).rejects.toThrow('run configure.ts first');
});
