import { z } from 'zod';
import { HomeserverError, UnreachableError } from '../matrix/homeserver-api.ts';

const errorSchema = z.object({
  errcode: z.string().max(255),
  retry_after_ms: z.number().nonnegative().optional().catch(undefined),
  soft_logout: z.boolean().optional().catch(undefined),
});

/** What a refusal means. A proxy in between answers without a Matrix error: that says nothing for good, unless 413. */
export function failureOf(status: number, body: string): HomeserverError | UnreachableError {
  const parsed = errorSchema.safeParse(parseJson(body));
  if (parsed.success) {
    const { errcode, retry_after_ms: retryAfterMs, soft_logout: isSoftLogout } = parsed.data;
    return new HomeserverError(status, errcode, retryAfterMs ?? null, isSoftLogout ?? false);
  }
  if (status === 413) return new HomeserverError(status, 'M_TOO_LARGE', null, false);
  return new UnreachableError(`answer ${status} without a Matrix error`);
}

/** Undefined for what is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
