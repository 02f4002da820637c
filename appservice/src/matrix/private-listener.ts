/** Asks our modules inside the homeserver, on the listener that only the appservice reaches. */
import type { z } from 'zod';
import { HomeserverError } from './ports.ts';

export interface PrivateListener {
  /** Anything on the listener. */
  readonly url: string;
  readonly token: string;
  /** Aborted when nobody waits for answers any more. */
  readonly abandoned: AbortSignal;
}

const answerMsMax = 60_000;

/**
 * The answer to a question.
 * @param listener null: this homeserver has none, and every question fails
 * Throws a HomeserverError if the homeserver does not answer as it must.
 */
export async function askModule<Schema extends z.ZodType>(
  listener: PrivateListener | null,
  path: string,
  schema: Schema,
  query: Readonly<Record<string, string>> = {},
): Promise<z.output<Schema>> {
  const answer = await fetchFrom(listener, `${path}?${new URLSearchParams(query).toString()}`);
  const content = schema.safeParse(await answer.json().catch(() => null));
  if (!answer.ok || !content.success) {
    throw new HomeserverError(answer.status, 'M_UNKNOWN', `unexpected answer to ${path}`);
  }
  return content.data;
}

async function fetchFrom(listener: PrivateListener | null, address: string): Promise<Response> {
  if (listener === null)
    throw new HomeserverError(0, 'M_UNKNOWN', 'this homeserver has no listener for the appservice');
  try {
    return await fetch(new URL(address, listener.url), {
      redirect: 'error',
      headers: { Authorization: `Bearer ${listener.token}` },
      signal: AbortSignal.any([listener.abandoned, AbortSignal.timeout(answerMsMax)]),
    });
  } catch (cause) {
    throw new HomeserverError(0, 'M_UNKNOWN', `no answer to ${address}: ${String(cause)}`);
  }
}
