import type { Logger } from 'pino';
import { applyChange, type ApplyChangeOptions } from './apply-change.ts';
import type { ChangeLog } from './journal.ts';
import { createLedger, type LedgerOptions } from './ledger.ts';
import { inviteByServer, type InvitationError, type ServerOutcome } from './invite-by-server.ts';
import type { ClosedAccounts } from './closed-accounts.ts';
import type { OutstandingInvitations } from './outstanding-invitations.ts';
import type { Invite } from '../reconciler/change.ts';

export interface SendingOptions extends LedgerOptions, Omit<ApplyChangeOptions, 'ledger'> {
  /** Where it is asked whether this instance leads. */
  readonly log: ChangeLog;
  readonly closedAccounts: Pick<ClosedAccounts, 'noteRefusal'>;
  readonly logger: Logger;
}

/**
 * Sends the invitations that wait for other homeservers. Answers how many people still wait; what failed stays
 * outstanding, but for people whose account was closed: nobody waits for them. Throws only if the database fails or the process ends.
 */
export async function sendOutstanding(outstanding: OutstandingInvitations, options: SendingOptions): Promise<number> {
  async function invite(invitation: Invite): Promise<InvitationError> {
    const wanted = outstanding.find(invitation);
    // Withdrawn by a run that ended meanwhile.
    if (wanted === undefined) return null;
    const ledger = createLedger(options.log, wanted.appliedAction, options);
    const attempt = await applyChange(invitation, outstanding.rooms(), { ...options, ledger });
    const isDone = !('error' in attempt);
    if (isDone || options.closedAccounts.noteRefusal(invitation.userId, attempt.error)) outstanding.settle(invitation);
    return isDone ? null : attempt;
  }

  const servers = await inviteByServer(
    outstanding.all().map((one) => one.invite),
    invite,
  );
  for (const server of servers) logServer(options.logger, server);
  return servers.reduce((sum, { refused, silence }) => sum + refused.length + (silence?.waiting ?? 0), 0);
}

function logServer(logger: Logger, { server, invited, refused, silence }: ServerOutcome): void {
  if (silence !== null) {
    const { error, waiting } = silence;
    logger.warn({ server, waiting, err: error }, 'another homeserver does not answer; its people are invited later');
  }
  for (const { invite, error } of refused) {
    logger.warn({ server, address: invite.address, err: error }, 'another homeserver refused an invitation');
  }
  if (invited.length > 0) logger.info({ server, invited: invited.length }, 'people of another homeserver were invited');
}
