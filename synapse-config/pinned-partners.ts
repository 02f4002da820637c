import { partnersOf } from '#appservice/reconciler/agreed-rooms.ts';
import type { ClientConfig } from '#contract/client-config.ts';
import type { ServerName } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';

/** What the clients of a homeserver pin of its partners: the keys that people have compared. */
export function pinnedPartners(organisation: Pick<Organisation, 'domain'>, own: ServerName): ClientConfig['partners'] {
  return partnersOf(organisation, own).map(({ server, rosterKeys }) => ({ server, rosterKeys }));
}
