/** The API answers nothing that its description does not say, whatever it is sent (schemathesis, property-based). */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createRateLimits } from '#appservice/http/api/rate-limits.ts';
import { signIn, startTestApi } from '#appservice/http/test-support/test-api.ts';
import { finanzenPeople, ministries, userId } from '#appservice/authority/test-organisation.ts';
import { roleSchema } from '#contract/organisation.ts';
import { ensurePythonEnvironment } from '#stack/python.ts';

const folder = fileURLToPath(new URL('schemathesis', import.meta.url));
const environment = {
  folder: fileURLToPath(new URL('../../.local/schemathesis', import.meta.url)),
  requirementsPath: join(folder, 'requirements.txt'),
  content: 'schemathesis',
};

/** Somebody who is let in everywhere, so that requests reach what lies behind the door. */
const omnipotent = { id: 'alle.rollen', roles: roleSchema.options.map((role) => ({ role, scope: '*' })) };

async function runSchemathesis(url: string, authorization: string): Promise<{ code: number | null; text: string }> {
  const python = await ensurePythonEnvironment(environment, () => undefined);
  const child = spawn(
    join(dirname(python), 'schemathesis'),
    ['--config-file', join(folder, 'schemathesis.toml'), 'run', `${url}/openapi.json`, ...options],
    {
      cwd: environment.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, SCHEMATHESIS_AUTHORIZATION: authorization },
    },
  );
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text };
}

/** DELETE would end the session with which everything else is tried. */
const options = [
  '--phases',
  'coverage,fuzzing',
  '--max-examples',
  '20',
  '--seed',
  '1',
  '--exclude-method',
  'DELETE',
  '--suppress-health-check',
  'filter_too_much',
  '--no-color',
];

test(
  'no answer is undocumented, none is 5xx, and no operation is open without a session',
  { timeout: 300_000 },
  async () => {
    const { url } = await startTestApi({
      organisation: () => ministries({ finanzenPeople: [...finanzenPeople, omnipotent] }),
      limits: createRateLimits(10_000),
    });
    const { Authorization = '' } = await signIn(url, userId('alle.rollen'));
    const { code, text } = await runSchemathesis(url, Authorization);
    expect(code, text).toBe(0);
    const [, selected = '', total = ''] = /Selected: (\d+)\/(\d+)/.exec(text) ?? [];
    // All but the one that ends the session.
    expect(Number(selected)).toBe(Number(total) - 1);
    expect(text).toContain(`Tested: ${selected}\n`);
  },
);
