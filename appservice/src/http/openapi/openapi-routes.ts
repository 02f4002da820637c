import type { RequestHandler, Router } from 'express';
import { createRouter, defineRoute } from '../define-route.ts';
import { refuseMethod } from '../api/refusals.ts';
import { describeApi } from './describe-api.ts';
import { operations } from './operations.ts';
import { pageStyle, renderPage } from './render-page.ts';

/** What the page may load: its style sheet. */
const pagePolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `/openapi.json` for programs, `/openapi` for people. Both are made once. */
export function createOpenapiRoutes(): Router {
  const document = describeApi(operations);
  const page = renderPage(operations, document);
  const answerDocument: RequestHandler = (_request, response) => {
    response.json(document);
  };
  const answerPage: RequestHandler = (_request, response) => {
    response.set('Content-Security-Policy', pagePolicy).type('text/html').send(page);
  };
  const answerStyle: RequestHandler = (_request, response) => {
    response.type('text/css').send(pageStyle);
  };
  const router = createRouter();
  defineRoute(router, '/openapi.json', { get: [answerDocument] }, refuseMethod);
  defineRoute(router, '/openapi', { get: [answerPage] }, refuseMethod);
  defineRoute(router, '/openapi.css', { get: [answerStyle] }, refuseMethod);
  return router;
}
