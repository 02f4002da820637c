/**
 * Requests to the client-server API: one place for time-outs, patience and errors.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Intent } from 'matrix-appservice-bridge';
import { z } from 'zod';
import { HomeserverError } from './ports.ts';

export interface MatrixRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: unknown;
}

/** A homeserver creating a large room on a busy machine takes seconds; beyond this it hangs. */
const requestMsMax = 60_000;
const attemptsMax = 8;
/** A homeserver that asks for longer counts as refusing: whoever waits is told, and the next look asks again. */
const retryMsMax = 600_000;

const matrixErrorSchema = z.object({
  statusCode: z.int(),
  body: z.object({ errcode: z.string(), error: z.string().default(''), retry_after_ms: z.number().optional() }),
});
const plainErrorSchema = z.object({ statusCode: z.int() });

/**
 * Sends a request as the intent's user and waits as long as a rate limit asks (`retry_after_ms`, up to ten minutes), unless `abandoned`
 * is aborted: then nobody waits any more, although the homeserver may still do what it was asked.
 * Throws HomeserverError; status 0 when no answer came.
 */
export async function sendRequest<Answer>(
  intent: Intent,
  request: MatrixRequest,
  schema: z.ZodType<Answer>,
  abandoned: AbortSignal,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return schema.parse(await unlessAborted(abandoned, () => doRequest(intent, request)));
    } catch (error) {
      const refusal = homeserverErrorOf(error);
      const { retryAfterMs } = refusal;
      const isRefused = retryAfterMs === null || retryAfterMs > retryMsMax || attempt === attemptsMax;
      if (isRefused || abandoned.aborted) throw refusal;
      await delay(retryAfterMs, undefined, { signal: abandoned }).catch(() => undefined);
    }
  }
}

/** The SDK takes no signal. */
async function unlessAborted<Answer>(signal: AbortSignal, ask: () => Promise<Answer>): Promise<Answer> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(new Error('stopped waiting for an answer'));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([aborted, ask()]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function doRequest(intent: Intent, { method, path, query, body }: MatrixRequest): Promise<unknown> {
  // GET requests must carry no body at all: the SDK sends whatever is not null.
  return intent.matrixClient.doRequest(method, path, query ?? null, body ?? null, requestMsMax);
}

function homeserverErrorOf(error: unknown): HomeserverError {
  const refused = matrixErrorSchema.safeParse(error);
  if (refused.success) {
    const { statusCode, body } = refused.data;
    const retryAfterMs = statusCode === 429 ? (body.retry_after_ms ?? 1000) : null;
    return new HomeserverError(statusCode, body.errcode, body.error, retryAfterMs);
  }
  if (error instanceof z.ZodError) {
    return new HomeserverError(200, 'M_NOT_JSON', `unexpected answer: ${z.prettifyError(error)}`);
  }
  const plain = plainErrorSchema.safeParse(error);
  if (plain.success) return new HomeserverError(plain.data.statusCode, 'M_UNKNOWN', 'the homeserver refused');
  return new HomeserverError(0, 'M_UNKNOWN', error instanceof Error ? error.message : String(error));
}
