/** What somebody with the server's rights does behind the appservice's back: with the bot's own account. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '#appservice/config.ts';

const registrationSchema = z.looseObject({ as_token: z.string() });

/** Sets a state event as the bot. Throws if the homeserver refuses. */
export async function sendStateAsBot(
  { configPath }: { readonly configPath: string },
  roomId: string,
  type: string,
  content: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { homeserverUrl, registrations } = await readConfig(configPath);
  const token = registrationSchema.parse(parse(await readFile(registrations.provisioner, 'utf8'))).as_token;
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/state/${type}/`;
  const answer = await fetch(new URL(path, homeserverUrl), {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(content),
  });
  if (!answer.ok) throw new Error(`${type}: ${answer.status} ${await answer.text()}`);
}
