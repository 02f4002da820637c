import express, { type Request, type RequestHandler, type Router } from 'express';
import type { Organisation } from '#contract/organisation.ts';
import { approverScopesOf } from '#appservice/organisation/check-approvers.ts';
import type { Diagnostic } from '#appservice/organisation/diagnostic.ts';
import { parseOrganisation } from '#appservice/organisation/parse-organisation.ts';
import type { ProposalRefusal } from '#appservice/authority/revision-desk.ts';
import { createRouter, defineRoute } from '../../define-route.ts';
import { ProblemError } from '../../problem-error.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { RateLimits } from '../rate-limits.ts';
import { refuseMethod } from '../refusals.ts';
import { requireRole } from '../session/authentication.ts';

export const organisationPath = '/organisation';

/** 150,000 people take about 25 MB. Read only for those who may send it. */
const organisationBytesMax = 64 * 1024 * 1024;

/**
 * `GET` answers the organisation in force with its `ETag`; `PUT` proposes another one in place of exactly that. `draft` is
 * one as the homeserver shows it.
 */
export function createOrganisationRoutes(
  { people, revisions, drafts }: ApiDependencies,
  authenticate: RequestHandler,
  { actsPerPerson }: RateLimits,
): Router {
  const readOrganisation: RequestHandler = async (_request, response) => {
    requireRole(response, people(), ['provisioner', 'approver', 'auditor']);
    const { organisation, digest } = await revisions.inForce();
    response.set('ETag', `"${digest}"`).json(organisation);
  };
  const mayPropose: RequestHandler = (_request, response, next) => {
    requireRole(response, people(), ['provisioner']);
    next();
  };
  const putOrganisation: RequestHandler = async (request, response) => {
    const author = requireRole(response, people(), ['provisioner']);
    const base = baseOf(request);
    const proposal = await revisions.propose(requireSound(request.body), base, author);
    if ('refusal' in proposal) throw problemOf(proposal);
    response.status(202).json(proposal);
  };
  const readDraft: RequestHandler = async (_request, response) => {
    const draft = await drafts.draft(requireRole(response, people(), ['provisioner']));
    if (draft === 'scope.exceeded') throw new ProblemError(draft, 'A draft concerns the whole trust domain.');
    response.json(draft);
  };
  const parseBody = express.json({ limit: organisationBytesMax, inflate: false });
  const router = createRouter();
  const guards = [authenticate, actsPerPerson];
  defineRoute(
    router,
    organisationPath,
    { get: [...guards, readOrganisation], put: [...guards, mayPropose, parseBody, putOrganisation] },
    refuseMethod,
  );
  defineRoute(router, `${organisationPath}/draft`, { get: [...guards, readDraft] }, refuseMethod);
  return router;
}

function baseOf(request: Request): string {
  const base = /^"([0-9a-f]{64})"$/.exec(request.headers['if-match'] ?? '')?.[1];
  if (base !== undefined) return base;
  throw new ProblemError('revision.base-missing', 'The header "If-Match" does not name one ETag.');
}

function requireSound(input: unknown): Organisation {
  const result = parseOrganisation(input);
  if (!result.ok) throw invalid(result.diagnostics);
  if (result.organisation.bodies.some((body) => approverScopesOf(body).length > 0)) return result.organisation;
  throw invalid([
    {
      file: 'bodies',
      line: null,
      path: '',
      message: 'Nobody would have the role approver, so nothing could ever be changed again.',
      remedy: 'Give at least one person the role approver.',
    },
  ]);
}

function invalid(diagnostics: readonly Diagnostic[]): ProblemError {
  const problems = diagnostics.map(({ file, path, message, remedy }) => ({
    path: [file, path].filter((part) => part !== '').join('.'),
    message,
    remedy,
  }));
  return new ProblemError('organisation.invalid', `The organisation has ${problems.length} fault(s).`, { problems });
}

function problemOf(refused: ProposalRefusal): ProblemError {
  switch (refused.refusal) {
    case 'revision.stale':
      return new ProblemError(refused.refusal, 'The organisation in force is no longer the one that you changed.');
    case 'revision.waiting':
      return new ProblemError(refused.refusal, 'A change of somebody else waits for approval.');
    case 'scope.exceeded': {
      const problems = refused.differences.map(({ key, places }) => ({
        path: key,
        message: `This concerns ${places.join(', ')}.`,
      }));
      return new ProblemError(refused.refusal, 'Your role does not hold where this would change something.', {
        problems,
      });
    }
  }
}
