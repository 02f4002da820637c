/**
 * Joins people of this homeserver into rooms of the own domain's other homeservers. Their bot invites; only this
 * homeserver can join its people.
 */
import pLimit from 'p-limit';
import { roomOriginKey, roomOriginSchema } from '#contract/event-content.ts';
import { serverNameOf, type ServerName, type UserId } from '#contract/ids.ts';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { Invitation, InvitationReader, PersonJoiner } from '#appservice/matrix/ports.ts';
import type { Store } from '#appservice/store/open-store.ts';
import { botOf } from '#appservice/wall/wall-snapshot.ts';

export interface AcceptOptions {
  readonly homeserver: InvitationReader & PersonJoiner;
  readonly store: Pick<Store, 'transaction'>;
  readonly serverName: ServerName;
  readonly domain: { readonly id: string; readonly servers: readonly ServerName[] };
  readonly concurrency: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Accepts what waits for `people`. Answers the errors of those for whom it failed. */
export async function acceptInvitations(people: readonly UserId[], options: AcceptOptions): Promise<unknown[]> {
  const limit = pLimit(options.concurrency);
  const results = await Promise.allSettled(people.map((person) => limit(() => acceptFor(person, options))));
  return results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
}

async function acceptFor(person: UserId, options: AcceptOptions): Promise<void> {
  const pending = await options.homeserver.pendingInvitations(person);
  for (const invitation of pending.filter((candidate) => isFromSister(candidate, options))) {
    await options.homeserver.joinAs(person, invitation.roomId, [serverNameOf(invitation.inviter)]);
    await options.store.transaction((transaction) =>
      appendAudit(transaction, {
        at: options.now(),
        actor: botOf(options.serverName),
        action: 'invitation.accepted',
        subject: person,
        detail: { roomId: invitation.roomId, inviter: invitation.inviter },
      }),
    );
  }
}

/** From the bot of another homeserver of the own domain, into a room whose create event names the own domain. */
function isFromSister({ inviter, strippedState }: Invitation, { serverName, domain }: AcceptOptions): boolean {
  const sisters = domain.servers.filter((server) => server !== serverName).map(botOf);
  const create = strippedState.find((event) => event.type === 'm.room.create');
  const origin = roomOriginSchema.safeParse(create?.content[roomOriginKey]);
  return sisters.includes(inviter) && origin.success && origin.data.domain === domain.id;
}
