import { z } from 'zod';
import type { ServerName } from '#contract/ids.ts';
import { HomeserverError, type SigningKey } from './ports.ts';

const keysSchema = z.object({
  server_name: z.string(),
  verify_keys: z.record(z.string(), z.object({ key: z.string() })),
  valid_until_ts: z.number(),
});
const queryAnswer = z.object({ server_keys: z.array(keysSchema) });

const answerMsMax = 20_000;

export interface KeyQuery {
  readonly homeserverUrl: string;
  /** Aborted when nobody waits for answers any more. */
  readonly abandoned: AbortSignal;
}

/** The keys with which the homeserver itself signs (server-server API, "Publishing Keys"). */
export async function readOwnSigningKeys(query: KeyQuery): Promise<readonly SigningKey[]> {
  return keysOf(keysSchema.parse(await ask(query, '/_matrix/key/v2/server')));
}

/**
 * The keys of another homeserver that count for the own one at this moment: those with which it checks events. The one
 * that is asked for by name is fetched anew unless it is known; of the others only what is known is told, and that is
 * everything the other homeserver has published with it (server-server API, "Querying Keys Through Another Server").
 * Throws HomeserverError; status 0 when no answer came.
 * @param keyId `ed25519:a_AbCd`
 * @param now milliseconds since 1970
 */
export async function readSigningKeys(
  query: KeyQuery,
  serverName: ServerName,
  keyId: string,
  now: number,
): Promise<readonly SigningKey[]> {
  const wanted = { server_keys: { [serverName]: { [keyId]: { minimum_valid_until_ts: now } } } };
  await ask(query, '/_matrix/key/v2/query', wanted);
  const path = `/_matrix/key/v2/query/${encodeURIComponent(serverName)}`;
  const { server_keys: answers } = queryAnswer.parse(await ask(query, path));
  return answers.filter((answer) => answer.server_name === serverName && answer.valid_until_ts > now).flatMap(keysOf);
}

function keysOf({ verify_keys: keys }: z.infer<typeof keysSchema>): SigningKey[] {
  return Object.entries(keys).map(([id, { key }]) => ({ id, key }));
}

async function ask({ homeserverUrl, abandoned }: KeyQuery, path: string, body?: unknown): Promise<unknown> {
  const signal = AbortSignal.any([abandoned, AbortSignal.timeout(answerMsMax)]);
  const post = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const request: RequestInit = { redirect: 'error', signal, ...(body !== undefined && post) };
  const response = await fetch(new URL(path, homeserverUrl), request).catch((cause: unknown) => {
    throw new HomeserverError(0, 'M_UNKNOWN', `no answer about keys: ${String(cause)}`);
  });
  if (!response.ok) throw new HomeserverError(response.status, 'M_UNKNOWN', 'the homeserver tells no keys');
  return response.json();
}
