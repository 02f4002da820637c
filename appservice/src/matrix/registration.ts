/**
 * A registration file as the homeserver reads it too (Matrix specification, Application Service API, "Registration").
 */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

/** Tokens shorter than this can be guessed or are a forgotten default. */
const tokenLengthMin = 32;

const namespaces = z.array(z.object({ exclusive: z.boolean(), regex: z.string() })).default([]);

const registrationSchema = z.looseObject({
  id: z.string().min(1),
  url: z.url({ protocol: /^https?$/ }).nullable(),
  as_token: z.string().min(tokenLengthMin, `shorter than ${tokenLengthMin} characters`),
  hs_token: z.string().min(tokenLengthMin, `shorter than ${tokenLengthMin} characters`),
  sender_localpart: z.string().min(1),
  namespaces: z.object({ users: namespaces, aliases: namespaces, rooms: namespaces }),
});

export type Registration = z.infer<typeof registrationSchema>;

/**
 * Reads a registration file.
 * Throws with the file's name and all its problems; the message never holds a token.
 */
export async function readRegistration(path: string): Promise<Registration> {
  const result = registrationSchema.safeParse(parse(await readFile(path, 'utf8')));
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${path} is no registration of an appservice: ${problems.join('; ')}`);
}
