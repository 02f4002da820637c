import type { RequestHandler, Router } from 'express';
import { z } from 'zod';
import { newConversationSchema, type Conversation } from '#contract/api.ts';
import { groupPeopleMax } from '#contract/group-limits.ts';
import type { StartOutcome } from '#appservice/conversations/conversation-starter.ts';
import { createRouter, defineRoute } from '../../define-route.ts';
import { ProblemError } from '../../problem-error.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { parseInput } from '../parse-input.ts';
import type { RateLimits } from '../rate-limits.ts';
import { refuseMethod } from '../refusals.ts';
import { requirePerson } from '../session/authentication.ts';

/** `POST` starts a direct chat or a group: 201, or 200 with the room of the direct chat that exists already. */
export function createConversationRoutes(
  { people, conversations }: ApiDependencies,
  authenticate: RequestHandler,
  limits: RateLimits,
): Router {
  const start: RequestHandler = async (request, response) => {
    const creator = requirePerson(response, people());
    refuseTooManyPeople(request.body);
    const wanted = parseInput(newConversationSchema, request.body);
    const conversation = requireStarted(await conversations.start(creator.userId, wanted));
    response.status(conversation.created ? 201 : 200).json(conversation);
  };
  const router = createRouter();
  const handlers = { post: [authenticate, limits.conversationsPerPerson, start] };
  defineRoute(router, '/conversations', handlers, refuseMethod);
  return router;
}

function requireStarted(outcome: StartOutcome): Conversation {
  if (outcome.isStarted) return outcome.conversation;
  const { code, detail, people } = outcome.refusal;
  throw new ProblemError(code, detail, { problems: people.map((userId) => ({ path: userId, message: detail })) });
}

const tooManyPeopleSchema = z.object({ people: z.array(z.unknown()).min(groupPeopleMax + 1) });

/** Has a code of its own, because the remedy is another one: a declared room. */
function refuseTooManyPeople(body: unknown): void {
  if (!tooManyPeopleSchema.safeParse(body).success) return;
  throw new ProblemError('conversation.too-many-people', `A group takes at most ${groupPeopleMax} people beside you.`);
}
