/**
 * Texts with which somebody would run script or load something in another's client, after OWASP's filter evasion list
 * and what sanitizers once let through. Whatever of it runs sets `landboteAlarm`; whatever loads asks x.test.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const kinds = [
  'script',
  'handler',
  'svg',
  'mathml',
  'style',
  'address',
  'data',
  'clobbering',
  'template',
  'comment',
  'reply',
] as const;

const hostileTextsSchema = z.array(z.strictObject({ kind: z.enum(kinds), text: z.string().min(1) }));
type HostileText = z.infer<typeof hostileTextsSchema>[number];

export async function readHostileTexts(): Promise<readonly HostileText[]> {
  const path = new URL('cross-site-scripting.json', import.meta.url);
  return hostileTextsSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}
