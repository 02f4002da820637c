/** What somebody can do about a change that failed. */
import { HomeserverError } from '#appservice/matrix/ports.ts';

const closedAccount = 'Reactivate the account on the homeserver, or take the person out of the declaration.';

const byErrcode: Readonly<Record<string, string>> = {
  M_LIMIT_EXCEEDED: 'Nothing: it is tried again. If it lasts, exempt the appservice from rate limits (registration).',
  M_FORBIDDEN:
    'Check whether somebody took the room from the bot, or banned the person; lift that, and it is tried again.',
  M_NOT_FOUND: 'Check whether the room or the account was deleted on the homeserver; it is tried again.',
  M_USER_DEACTIVATED: closedAccount,
  M_UNKNOWN_TOKEN: 'Check that appservice and homeserver have the same registration, then restart both.',
  M_TOO_LARGE: 'Make names, topics or lists of posters shorter in the declaration.',
};

const withoutAnswer = 'Check that the homeserver runs. What was sent may have worked; the next look shows it.';
const otherwise = 'Read the log of the homeserver at this time. It is tried again at the next sweep.';

/** A sentence for the report of a run. */
export function remedyOf(error: unknown): string {
  if (isWithoutAnswer(error)) return withoutAnswer;
  return (error instanceof HomeserverError ? byErrcode[error.errcode] : undefined) ?? otherwise;
}

/** The same for a difference that is only reported. */
export function remedyOfDifference(kind: string): string {
  if (kind === 'ClosedAccount') return closedAccount;
  return 'Have it made as declared (POST /api/v1/drift/repair), or declare what was found.';
}

/** Whether the homeserver may have done what it was asked, although it did not say so. */
export function isWithoutAnswer(error: unknown): boolean {
  return error instanceof HomeserverError && (error.status === 0 || [502, 503, 504].includes(error.status));
}
