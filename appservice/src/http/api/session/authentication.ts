import type { RequestHandler, Response } from 'express';
import type { PersonSummary } from '#contract/api.ts';
import { userIdSchema, type UserId } from '#contract/ids.ts';
import type { Role } from '#contract/organisation.ts';
import type { PeopleDirectory } from '#appservice/people/people-directory.ts';
import { bearerTokenOf } from '../../bearer-token.ts';
import { ProblemError } from '../../problem-error.ts';
import type { Sessions } from './sessions.ts';

/** Who asks. Person and roles are those of the declaration in force now, not of when the session began. */
export interface Caller {
  readonly userId: UserId;
  readonly token: string;
}

/** Lets only requests with a living session pass; what follows reads the caller by `callerOf`. */
export function createAuthentication(sessions: Sessions): RequestHandler {
  return async (request, response, next) => {
    const token = bearerTokenOf(request.headers.authorization);
    if (token === null) throw new ProblemError('session.missing', 'The request names no session.');
    const userId = await sessions.userOf(token);
    if (userId === null) throw new ProblemError('session.invalid', 'This session is unknown or has ended.');
    response.locals['caller'] = { userId, token };
    next();
  };
}

/** The caller that the authentication found. Throws if a route forgot it. */
export function callerOf(response: Response): Caller {
  const { userId, token } = Object(response.locals['caller']);
  return { userId: userIdSchema.parse(userId), token: String(token) };
}

/**
 * The caller as a declared person. Somebody who has left the declaration learns nothing more, even while an old
 * session lives.
 */
export function requirePerson(response: Response, people: PeopleDirectory): PersonSummary {
  const person = people.person(callerOf(response).userId);
  if (person === null)
    throw new ProblemError('person.unknown', 'You are not declared in this administration.', { status: 403 });
  return person;
}

/** Throws `role.missing` unless the caller holds one of `roles`. */
export function requireRole(response: Response, people: PeopleDirectory, roles: readonly Role[]): UserId {
  const { userId } = callerOf(response);
  if (people.rolesOf(userId).some((role) => roles.includes(role))) return userId;
  throw new ProblemError('role.missing', `This needs one of the roles: ${roles.join(', ')}.`);
}
