import type { RequestHandler, Router } from 'express';
import { moderatedRoomSchema, redactionSchema, removalSchema } from '#contract/moderation.ts';
import type { ModerationAct, ModerationRefusal } from '#appservice/moderation/moderation.ts';
import { createRouter, defineRoute } from '../../define-route.ts';
import { ProblemError } from '../../problem-error.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { parseInput } from '../parse-input.ts';
import type { RateLimits } from '../rate-limits.ts';
import { refuseMethod } from '../refusals.ts';
import { requireRole } from '../session/authentication.ts';

const refusalDetails: Readonly<Record<ModerationRefusal, string>> = {
  'room.unknown': 'No declared room has this id.',
  'scope.exceeded': 'Your role as moderator does not hold in this room.',
  'moderation.refused': 'The homeserver did not do it. The audit trail says that, too.',
  'person.unknown': 'The person is not declared in this administration.',
};

/** Messages and people out of declared rooms, and people in again. */
export function createModerationRoutes(
  { people, moderation }: ApiDependencies,
  authenticate: RequestHandler,
  { actsPerPerson }: RateLimits,
): Router {
  function handle(parse: (body: unknown) => ModerationAct): RequestHandler {
    return async (request, response) => {
      const moderator = requireRole(response, people(), ['moderator']);
      const { room } = parseInput(moderatedRoomSchema, request.params);
      const refusal = await moderation.act(room, parse(request.body), moderator);
      if (refusal !== null) throw new ProblemError(refusal, refusalDetails[refusal]);
      response.status(204).end();
    };
  }
  const redact = handle((body) => ({ kind: 'remove-message', ...parseInput(redactionSchema, body) }));
  const remove = handle((body) => ({ kind: 'remove-person', ...parseInput(removalSchema, body) }));
  const readmit = handle((body) => ({ kind: 'readmit-person', ...parseInput(removalSchema, body) }));

  const router = createRouter();
  const before = [authenticate, actsPerPerson];
  defineRoute(router, '/rooms/:room/redactions', { post: [...before, redact] }, refuseMethod);
  defineRoute(router, '/rooms/:room/removals', { post: [...before, remove] }, refuseMethod);
  defineRoute(router, '/rooms/:room/readmissions', { post: [...before, readmit] }, refuseMethod);
  return router;
}
