/** Asks the module in the homeserver whose accounts were closed: the client-server API does not say. */
import { z } from 'zod';
import { userIdSchema, type UserId } from '#contract/ids.ts';
import { HomeserverError } from './ports.ts';
import { askModule, type PrivateListener } from './private-listener.ts';

const path = '/_landbote/v1/closed-accounts';

/** Old homeservers have ids that nobody could be declared by. */
const closedSchema = z
  .object({ closed: z.array(z.string()) })
  .transform(({ closed }) => new Set(closed.flatMap((person) => userIdSchema.safeParse(person).data ?? [])));

/**
 * Nobody where the homeserver has no such module, or an older one: it still refuses each of them itself. Throws a
 * HomeserverError if it does not answer as it must.
 */
export async function readClosedAccounts(listener: PrivateListener | null): Promise<ReadonlySet<UserId>> {
  if (listener === null) return new Set();
  try {
    return await askModule(listener, path, closedSchema);
  } catch (error) {
    if (error instanceof HomeserverError && error.status === 404) return new Set();
    throw error;
  }
}
