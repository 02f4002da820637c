/**
 * Invites people of other homeservers. Each server has its own few requests at a time, so one that is slow holds up
 * nobody else; one that does not answer is left in peace until the next run.
 */
import pLimit from 'p-limit';
import { serverNameOf, type ServerName } from '#contract/ids.ts';
import { HomeserverError } from '#appservice/matrix/ports.ts';
import type { Invite } from '../reconciler/change.ts';

/** null: done. Otherwise what the homeserver said. */
export type InvitationError = { readonly error: unknown } | null;

export interface ServerOutcome {
  readonly server: ServerName;
  readonly invited: readonly Invite[];
  /** The server answered, and refused. */
  readonly refused: readonly { readonly invite: Invite; readonly error: unknown }[];
  /** null if it answered. Otherwise how it showed that it does not, and how many people wait for that. */
  readonly silence: { readonly error: unknown; readonly waiting: number } | null;
}

/** Few: to the other side this is one of many partners. */
const atOncePerServer = 4;

export function inviteByServer(
  invitations: readonly Invite[],
  invite: (invitation: Invite) => Promise<InvitationError>,
): Promise<ServerOutcome[]> {
  const byServer = Map.groupBy(invitations, ({ userId }) => serverNameOf(userId));
  return Promise.all([...byServer].map(([server, queue]) => inviteOn(server, queue, invite)));
}

async function inviteOn(
  server: ServerName,
  queue: readonly Invite[],
  invite: (invitation: Invite) => Promise<InvitationError>,
): Promise<ServerOutcome> {
  const invited: Invite[] = [];
  const refused: { invite: Invite; error: unknown }[] = [];
  let silence: { readonly error: unknown } | null = null;

  async function inviteOne(invitation: Invite): Promise<void> {
    if (silence !== null) return;
    const failure = await invite(invitation);
    if (failure === null) invited.push(invitation);
    else if (isSilence(failure.error)) silence ??= failure;
    else refused.push({ invite: invitation, error: failure.error });
  }

  const [first, ...others] = queue;
  // The first one knocks for all: were several sent at once, each of them would wait for a server that is away.
  if (first !== undefined) await inviteOne(first);
  const limit = pLimit(atOncePerServer);
  await Promise.all(others.map((invitation) => limit(() => inviteOne(invitation))));
  const waiting = queue.length - invited.length - refused.length;
  return { server, invited, refused, silence: withWaiting(silence, waiting) };
}

function withWaiting(silence: { readonly error: unknown } | null, waiting: number): ServerOutcome['silence'] {
  return silence === null ? null : { ...silence, waiting };
}

/** Synapse answers 502 when it cannot reach the other server, and 500 while it does not even try again. */
function isSilence(error: unknown): boolean {
  return !(error instanceof HomeserverError) || error.status === 0 || error.status >= 500;
}
