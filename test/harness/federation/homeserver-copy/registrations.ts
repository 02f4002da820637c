/**
 * The registrations of an appservice at a homeserver's copy: with the original's tokens, but pushed to another address,
 * because the real appservice must not hear of the copy's events.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { writePrivateFile } from '#stack/files.ts';
import { toYaml } from '../../../../synapse-config/homeserver/render.ts';

const registrationSchema = z.looseObject({
  id: z.string(),
  url: z.url().nullable(),
  as_token: z.string(),
  sender_localpart: z.string(),
});

/** The discard port: nobody listens there. */
const stoppedAppserviceUrl = 'http://127.0.0.1:9';

export interface CopiedRegistrations {
  readonly paths: readonly string[];
  /** What the bot signs in with. */
  readonly botToken: string;
}

/** Throws if none of the registrations is the bot's. */
export async function copyRegistrations(
  originals: readonly string[],
  folder: string,
  appserviceUrl: string = stoppedAppserviceUrl,
): Promise<CopiedRegistrations> {
  const registrations = await Promise.all(originals.map(readRegistration));
  const bot = registrations.find(({ sender_localpart }) => sender_localpart === 'landbote');
  if (bot === undefined) throw new Error(`none of ${originals.join(', ')} registers the bot`);
  const paths = registrations.map(({ id }) => join(folder, `${id}.yaml`));
  await Promise.all(
    registrations.map((registration) =>
      writePrivateFile(
        join(folder, `${registration.id}.yaml`),
        toYaml({ ...registration, url: registration.url === null ? null : appserviceUrl }),
      ),
    ),
  );
  return { paths, botToken: bot.as_token };
}

async function readRegistration(path: string): Promise<z.infer<typeof registrationSchema>> {
  return registrationSchema.parse(parse(await readFile(path, 'utf8')));
}
