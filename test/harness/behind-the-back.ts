/** What somebody with the server's rights does without the appservice: with the tokens of its registrations. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '#appservice/config.ts';
import { eventIdSchema, type EventId, type RoomId, type UserId } from '#contract/ids.ts';

const registrationSchema = z.looseObject({ as_token: z.string() });
const sentSchema = z.object({ event_id: eventIdSchema });

interface Office {
  readonly configPath: string;
}

type Content = Readonly<Record<string, unknown>>;

/** Sets a state event as the bot. Throws if the homeserver refuses. */
export function sendStateAsBot(office: Office, roomId: RoomId, type: string, content: Content): Promise<EventId> {
  return put(office, 'provisioner', `/rooms/${encodeURIComponent(roomId)}/state/${type}/`, content);
}

/** Sends a message as a person. Throws if the homeserver refuses. */
export function sendMessageAs(office: Office, person: UserId, roomId: RoomId, text: string): Promise<EventId> {
  const path = `/rooms/${encodeURIComponent(roomId)}/send/m.room.message/${Date.now()}?user_id=${encodeURIComponent(person)}`;
  return put(office, 'people', path, { msgtype: 'm.text', body: text });
}

async function put(
  { configPath }: Office,
  registration: 'people' | 'provisioner',
  path: string,
  content: Content,
): Promise<EventId> {
  const { homeserverUrl, registrations } = await readConfig(configPath);
  const token = registrationSchema.parse(parse(await readFile(registrations[registration], 'utf8'))).as_token;
  const answer = await fetch(new URL(`/_matrix/client/v3${path}`, homeserverUrl), {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(content),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return sentSchema.parse(await answer.json()).event_id;
}
