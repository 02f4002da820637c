/**
 * Joins people of this homeserver into rooms of the own domain's other homeservers. Their bot invites; only this
 * homeserver can join its people.
 */
import pLimit from 'p-limit';
import { roomOriginKey, roomOriginSchema } from '#contract/event-content.ts';
import { botOf, serverNameOf, type ServerName, type UserId } from '#contract/ids.ts';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { Invitation, InvitationReader, PersonJoiner } from '#appservice/matrix/ports.ts';
import type { Store } from '#appservice/store/open-store.ts';

export interface AcceptOptions {
  readonly homeserver: InvitationReader & PersonJoiner;
  readonly store: Pick<Store, 'transaction'>;
  readonly serverName: ServerName;
  readonly domain: { readonly id: string; readonly servers: readonly ServerName[] };
  readonly concurrency: number;
  /** Aborted when the process ends: nobody is joined any more. */
  readonly ended: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A person who has arrived in a room of another homeserver. */
export interface Arrival {
  readonly person: UserId;
  /** Of the room, as its create event says. */
  readonly address: string;
}

export interface Acceptances {
  readonly arrivals: readonly Arrival[];
  /** For whom it did not work, and what the homeserver said. */
  readonly failures: ReadonlyMap<UserId, unknown>;
}

interface SisterInvitation extends Invitation {
  readonly address: string;
}

/** Accepts what waits for `people`. Throws if the process ends. */
export async function acceptInvitations(people: readonly UserId[], options: AcceptOptions): Promise<Acceptances> {
  const limit = pLimit(options.concurrency);
  const arrivals: Arrival[] = [];
  const failures = new Map<UserId, unknown>();
  await Promise.all(
    people.map((person) =>
      limit(async () => {
        try {
          await acceptFor(person, options, arrivals);
        } catch (error) {
          failures.set(person, error);
        }
      }),
    ),
  );
  options.ended.throwIfAborted();
  return { arrivals, failures };
}

async function acceptFor(person: UserId, options: AcceptOptions, arrivals: Arrival[]): Promise<void> {
  options.ended.throwIfAborted();
  const pending = await options.homeserver.pendingInvitations(person);
  for (const invitation of pending.flatMap((candidate) => fromSister(candidate, options))) {
    await options.homeserver.joinAs(person, invitation.roomId, [serverNameOf(invitation.inviter)]);
    await recordArrival(person, invitation, options);
    arrivals.push({ person, address: invitation.address });
  }
}

async function recordArrival(
  person: UserId,
  { roomId, inviter, address }: SisterInvitation,
  { store, serverName, now }: AcceptOptions,
): Promise<void> {
  await store.transaction((transaction) =>
    appendAudit(transaction, {
      at: now(),
      actor: botOf(serverName),
      action: 'invitation.accepted',
      subject: person,
      detail: { roomId, inviter, address },
    }),
  );
}

/** From the bot of another homeserver of the own domain, into a room whose create event names the own domain. */
function fromSister(invitation: Invitation, { serverName, domain }: AcceptOptions): SisterInvitation[] {
  const { inviter, strippedState } = invitation;
  const sisters = domain.servers.filter((server) => server !== serverName).map(botOf);
  const create = strippedState.find((event) => event.type === 'm.room.create');
  const origin = roomOriginSchema.safeParse(create?.content[roomOriginKey]);
  const isFromSister = sisters.includes(inviter) && origin.success && origin.data.domain === domain.id;
  return isFromSister ? [{ ...invitation, address: origin.data.address }] : [];
}
