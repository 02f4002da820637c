/**
 * The HTTP API for clients: `/api/v1`, `/live`, `/ready`. Requests and answers: contract/api.ts; errors: problem
 * details, explained in docs/errors.md.
 */
import express, { type Express, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import { createOpenapiRoutes } from '../openapi/openapi-routes.ts';
import { createRouter } from '../define-route.ts';
import { createRequestLog } from '../request-log.ts';
import { createAgreementRoutes } from './agreements/agreement-routes.ts';
import { createAlertRoutes } from './alerts/alert-routes.ts';
import { createAuditRoutes } from './audit/audit-routes.ts';
import { createConversationRoutes } from './conversations/conversation-routes.ts';
import { createCrossOrigin } from './cross-origin.ts';
import type { ApiDependencies } from './dependencies.ts';
import { createDeliveryRoutes } from './deliveries/delivery-routes.ts';
import { createDomainRoutes } from './domain/domain-routes.ts';
import { createErrorMiddleware } from './error-middleware.ts';
import { createHealthRoutes } from './health/health-routes.ts';
import { createModerationRoutes } from './moderation/moderation-routes.ts';
import { createOrganisationRoutes, organisationPath } from './organisation/organisation-routes.ts';
import { createRevisionRoutes } from './organisation/revision-routes.ts';
import { requireJsonBody } from './parse-input.ts';
import { createPeopleRoutes } from './people/people-routes.ts';
import { createPlanRoutes } from './plans/plan-routes.ts';
import { createRateLimits } from './rate-limits.ts';
import { createRefusalRecord } from './record-refusal.ts';
import { refuseRoute } from './refusals.ts';
import { createRunRoutes } from './runs/run-routes.ts';
import { createAuthentication } from './session/authentication.ts';
import { createSessionRoutes } from './session/session-routes.ts';
import { createSessions } from './session/sessions.ts';

const bodyBytesMax = 64 * 1024;

/** Builds the API without listening. Handlers are thin: what they do lies in people/, conversations/ and apply/. */
export function createApi(dependencies: ApiDependencies): Express {
  const app = express();
  app.disable('etag');
  // Only the reverse proxy on the same machine may say from which address a request came.
  app.set('trust proxy', 'loopback');
  app.use(createRequestLog(dependencies.logger), securityHeaders(), createCrossOrigin(dependencies.clientOrigins));
  app.use(requireJsonBody, exceptOrganisation(express.json({ limit: bodyBytesMax, inflate: false })));
  app.use(createHealthRoutes(dependencies), createOpenapiRoutes());
  app.use('/api/v1', createResources(dependencies));
  app.use(refuseRoute, createRefusalRecord(dependencies.database, dependencies.now));
  app.use(createErrorMiddleware(dependencies.logger));
  return app;
}

/** A whole organisation is much larger than anything else; its route reads it after it knows who sends it. */
function exceptOrganisation(parseBody: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (request.path === `/api/v1${organisationPath}`) next();
    else parseBody(request, response, next);
  };
}

function createResources(dependencies: ApiDependencies): Router {
  const sessions = createSessions(dependencies.database, dependencies.now);
  const authenticate = createAuthentication(sessions);
  const limits = dependencies.limits ?? createRateLimits();
  return createRouter().use(
    createSessionRoutes(dependencies, sessions, authenticate, limits),
    createDomainRoutes(dependencies, authenticate),
    createPeopleRoutes(dependencies, authenticate, limits),
    createConversationRoutes(dependencies, authenticate, limits),
    createPlanRoutes(dependencies, authenticate, limits),
    createOrganisationRoutes(dependencies, authenticate, limits),
    createRevisionRoutes(dependencies, authenticate, limits),
    createAuditRoutes(dependencies, authenticate, limits),
    createDeliveryRoutes(dependencies, authenticate, limits),
    createRunRoutes(dependencies, authenticate, limits),
    createModerationRoutes(dependencies, authenticate, limits),
    createAgreementRoutes(dependencies, authenticate, limits),
    createAlertRoutes(dependencies, authenticate, limits),
  );
}

function securityHeaders(): express.RequestHandler[] {
  const nothing = ["'none'"];
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: nothing, frameAncestors: nothing, baseUri: nothing, formAction: nothing },
      },
    }),
    (_request, response, next) => {
      response.set('Cache-Control', 'no-store');
      next();
    },
  ];
}
