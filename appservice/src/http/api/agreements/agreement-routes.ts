import type { RequestHandler, Response, Router } from 'express';
import { agreementParametersSchema, consentSchema, endSchema, newAgreementSchema } from '#contract/agreement.ts';
import type { Role } from '#contract/organisation.ts';
import type { ProblemCode } from '#contract/problem.ts';
import type { Agreement } from '#appservice/agreements/agreement.ts';
import type { AgreementRefusal } from '#appservice/agreements/agreement-desk.ts';
import { viewOf } from '#appservice/agreements/agreement-view.ts';
import { createRouter, defineRoute } from '../../define-route.ts';
import { ProblemError } from '../../problem-error.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { parseInput } from '../parse-input.ts';
import type { RateLimits } from '../rate-limits.ts';
import { refuseMethod } from '../refusals.ts';
import { requireFreshSignIn, requireRole } from '../session/authentication.ts';

const refusals: Readonly<Record<AgreementRefusal, readonly [ProblemCode, string]>> = {
  'agreement.unknown': ['agreement.unknown', 'No agreement has this id.'],
  'agreement.stale': ['agreement.stale', 'The digest is not that of the terms.'],
  'agreement.over': ['agreement.over', 'The agreement is over.'],
  'agreement.consented-already': ['agreement.consented-already', 'You have consented already, or two others have.'],
  'agreement.people-missing': ['agreement.invalid', 'On one of the sides nobody is named.'],
  'agreement.people-invalid': ['agreement.invalid', 'Somebody is of a homeserver that has no part in this.'],
  'agreement.date-invalid': ['agreement.invalid', 'The end lies in the past.'],
  'partner.unknown': ['partner.unknown', 'No such partner is declared for this homeserver.'],
  'scope.exceeded': ['scope.exceeded', 'Your role does not hold for everybody whom the agreement names.'],
};

const readers: readonly Role[] = ['provisioner', 'approver', 'auditor', 'data-protection'];

/** Agreements with other trust domains: propose, consent, end. What opens the wall wants a fresh sign-in. */
export function createAgreementRoutes(
  { people, agreements, partners, now }: ApiDependencies,
  authenticate: RequestHandler,
  { actsPerPerson }: RateLimits,
): Router {
  const answer = (response: Response, outcome: Agreement | AgreementRefusal, status = 200): void => {
    if (typeof outcome === 'string') throw new ProblemError(...refusals[outcome]);
    response.status(status).json(viewOf(outcome, now()));
  };
  const mayRead: RequestHandler = (_request, response, next) => {
    requireRole(response, people(), readers);
    next();
  };
  const readPartners: RequestHandler = async (_request, response) => {
    response.json(await partners.read());
  };
  const list: RequestHandler = (_request, response) => {
    response.json({ agreements: agreements.list().map((agreement) => viewOf(agreement, now())) });
  };
  const propose: RequestHandler = async (request, response) => {
    const author = requireRole(response, people(), ['provisioner']);
    requireFreshSignIn(response, now());
    answer(
      response,
      await agreements.propose(parseInput(newAgreementSchema, request.body, 'agreement.invalid'), author),
      201,
    );
  };
  const consent: RequestHandler = async (request, response) => {
    const person = requireRole(response, people(), ['approver']);
    requireFreshSignIn(response, now());
    const { id } = parseInput(agreementParametersSchema, request.params);
    const { digest, members } = parseInput(consentSchema, request.body, 'agreement.invalid');
    answer(response, await agreements.consent(id, digest, members, person));
  };
  const end: RequestHandler = async (request, response) => {
    const person = requireRole(response, people(), ['provisioner', 'approver']);
    const { id } = parseInput(agreementParametersSchema, request.params);
    const { reason } = parseInput(endSchema, request.body);
    answer(response, await agreements.end(id, reason, person));
  };
  const router = createRouter();
  const guards = [authenticate, actsPerPerson];
  defineRoute(router, '/partners', { get: [...guards, mayRead, readPartners] }, refuseMethod);
  defineRoute(router, '/agreements', { get: [...guards, mayRead, list], post: [...guards, propose] }, refuseMethod);
  defineRoute(router, '/agreements/:id/consent', { post: [...guards, consent] }, refuseMethod);
  defineRoute(router, '/agreements/:id/end', { post: [...guards, end] }, refuseMethod);
  return router;
}
