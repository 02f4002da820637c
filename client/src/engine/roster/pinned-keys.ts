import { botOf } from '#contract/ids.ts';
import type { ClientConfig } from '#contract/client-config.ts';

/** Keys that came from the client's own origin, and so from nobody who runs a homeserver. */
export type PinnedKeys = Pick<ClientConfig, 'partners' | 'rosterKeys'>;

/**
 * Whose rosters count in a room. A partner speaks for the rooms that its bot has made and for no others; the own side for
 * all others and for none of those.
 * @param creatorId null: unknown
 */
export function keysFor(creatorId: string | null, { partners, rosterKeys }: PinnedKeys): readonly string[] {
  return partners.find(({ server }) => botOf(server) === creatorId)?.rosterKeys ?? rosterKeys;
}
