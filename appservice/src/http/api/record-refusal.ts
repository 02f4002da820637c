import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Kysely } from 'kysely';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { Database } from '#appservice/store/schema.ts';
import { problemCatalogue } from '../problem-catalogue.ts';
import { ProblemError } from '../problem-error.ts';
import { callerOf } from './session/authentication.ts';

/** What somebody who signed in was not allowed to do, or tried in vain to put into effect. */
const recordedStatuses: ReadonlySet<number> = new Set([401, 403, 409, 422, 428]);

/** Notes each refusal of a person who is known in the audit trail, before it is answered. */
export function createRefusalRecord(database: Kysely<Database>, now: () => number): ErrorRequestHandler {
  return async (error: unknown, request, response, next) => {
    if (isRecorded(error, response)) await record(error, request, response);
    next(error);
  };

  async function record({ code, options }: ProblemError, request: Request, response: Response): Promise<void> {
    const [path = ''] = request.originalUrl.split('?', 1);
    const entry = {
      at: now(),
      actor: callerOf(response).userId,
      action: 'request.refused' as const,
      subject: `${request.method} ${path}`,
      detail: { code, problems: options.problems?.slice(0, problemsMax) ?? [] },
    };
    await database.transaction().execute((transaction) => appendAudit(transaction, entry));
  }
}

/** A declaration may have thousands of faults; the row says what it was, not everything. */
const problemsMax = 20;

function isRecorded(error: unknown, response: Response): error is ProblemError {
  if (!(error instanceof ProblemError) || response.locals['caller'] === undefined) return false;
  return recordedStatuses.has(error.options.status ?? problemCatalogue[error.code].status);
}
