/** Who was seen to arrive in which room of another homeserver: a memory of what the audit trail says. */
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { UserId } from '#contract/ids.ts';
import type { Database } from '#appservice/store/schema.ts';
import type { Arrival } from './accept-invitations.ts';

export interface Arrivals {
  add(arrivals: readonly Arrival[]): void;
  /** People of whom not every one of their addresses was seen. */
  missing(expected: ReadonlyMap<UserId, ReadonlySet<string>>): Set<UserId>;
}

const detailSchema = z.object({ address: z.string() });

export async function readArrivals(database: Kysely<Database>): Promise<Arrivals> {
  const rows = await database
    .selectFrom('audit')
    .select(['subject', 'detail'])
    .where('action', '=', 'invitation.accepted')
    .execute();
  const seen = new Set<string>();
  for (const { subject, detail } of rows) {
    const parsed = detailSchema.safeParse(JSON.parse(detail));
    if (parsed.success) seen.add(keyOf(subject, parsed.data.address));
  }
  return {
    add: (arrivals) => arrivals.forEach(({ person, address }) => seen.add(keyOf(person, address))),
    missing: (expected) =>
      new Set(
        [...expected]
          .filter(([person, addresses]) => [...addresses].some((address) => !seen.has(keyOf(person, address))))
          .map(([person]) => person),
      ),
  };
}

function keyOf(person: string, address: string): string {
  return `${person} ${address}`;
}
