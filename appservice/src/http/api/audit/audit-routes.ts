import type { RequestHandler, Router } from 'express';
import { auditQuerySchema, consistencyQuerySchema, inclusionQuerySchema, type AuditRow } from '#contract/governance.ts';
import { auditCsvOf } from '#appservice/audit/audit-csv.ts';
import { createRouter, defineRoute } from '../../define-route.ts';
import { ProblemError } from '../../problem-error.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { parseInput } from '../parse-input.ts';
import type { RateLimits } from '../rate-limits.ts';
import { refuseMethod } from '../refusals.ts';
import { requireRole } from '../session/authentication.ts';

/** The audit trail for auditors and data protection: rows, their verification, signed heads and proofs. */
export function createAuditRoutes(
  { people, audit }: ApiDependencies,
  authenticate: RequestHandler,
  { actsPerPerson }: RateLimits,
): Router {
  const mayRead: RequestHandler = (_request, response, next) => {
    requireRole(response, people(), ['auditor', 'data-protection']);
    next();
  };
  const readPage = (...[request, response]: Parameters<RequestHandler>): Promise<AuditRow[]> => {
    const reader = requireRole(response, people(), ['auditor', 'data-protection']);
    return audit.read(parseInput(auditQuerySchema, request.query), reader);
  };
  const readRows: RequestHandler = async (...exchange) => {
    const rows = await readPage(...exchange);
    exchange[1].json({ rows });
  };
  const readCsv: RequestHandler = async (...exchange) => {
    const csv = auditCsvOf(await readPage(...exchange));
    exchange[1].type('text/csv').attachment('audit.csv').send(csv);
  };
  const verifyRows: RequestHandler = async (_request, response) => {
    response.json(await audit.verify());
  };
  const readCheckpoint: RequestHandler = async (_request, response) => {
    response.type('text/plain').send(await audit.checkpoint());
  };
  const readKey: RequestHandler = (_request, response) => {
    response.type('text/plain').send(`${audit.verifierKey()}\n`);
  };
  const proveConsistency: RequestHandler = async (request, response) => {
    const { from, to } = parseInput(consistencyQuerySchema, request.query);
    response.json(proofOf(await audit.proveConsistency(from, to)));
  };
  const proveInclusion: RequestHandler = async (request, response) => {
    const { sequence, size } = parseInput(inclusionQuerySchema, request.query);
    response.json(proofOf(await audit.proveInclusion(sequence, size)));
  };
  const router = createRouter();
  const guards = [authenticate, actsPerPerson, mayRead];
  defineRoute(router, '/audit', { get: [...guards, readRows] }, refuseMethod);
  defineRoute(router, '/audit.csv', { get: [...guards, readCsv] }, refuseMethod);
  defineRoute(router, '/audit/verification', { get: [...guards, verifyRows] }, refuseMethod);
  defineRoute(router, '/audit/checkpoint', { get: [...guards, readCheckpoint] }, refuseMethod);
  defineRoute(router, '/audit/verifier-key', { get: [...guards, readKey] }, refuseMethod);
  defineRoute(router, '/audit/consistency', { get: [...guards, proveConsistency] }, refuseMethod);
  defineRoute(router, '/audit/inclusion', { get: [...guards, proveInclusion] }, refuseMethod);
  return router;
}

function proofOf(hashes: readonly Buffer[] | null): { proof: string[] } {
  if (hashes === null) throw new ProblemError('audit.no-such-tree', 'The trail does not have as many rows.');
  return { proof: hashes.map((hash) => hash.toString('base64')) };
}
