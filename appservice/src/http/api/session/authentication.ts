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
  /** When the caller proved who they are, in milliseconds since 1970. */
  readonly signedInAt: number;
}

/** How old a sign-in may be for what binds others. */
const freshSignInMsMax = 5 * 60_000;

/** Lets only requests with a living session pass; what follows reads the caller by `callerOf`. */
export function createAuthentication(sessions: Sessions): RequestHandler {
  return async (request, response, next) => {
    const token = bearerTokenOf(request.headers.authorization);
    if (token === null) throw new ProblemError('session.missing', 'The request names no session.');
    const session = await sessions.find(token);
    if (session === null) throw new ProblemError('session.invalid', 'This session is unknown or has ended.');
    response.locals['caller'] = { userId: session.userId, token, signedInAt: session.openedAt };
    next();
  };
}

/** The caller that the authentication found. Throws if a route forgot it. */
export function callerOf(response: Response): Caller {
  const { userId, token, signedInAt } = Object(response.locals['caller']);
  return { userId: userIdSchema.parse(userId), token: String(token), signedInAt: Number(signedInAt) };
}

/** Throws `session.not-fresh` unless the caller has just signed in: a screen left open must not decide for others. */
export function requireFreshSignIn(response: Response, now: number): void {
  if (now - callerOf(response).signedInAt <= freshSignInMsMax) return;
  throw new ProblemError('session.not-fresh', 'You signed in more than five minutes ago.');
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
