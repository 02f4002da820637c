/** Makes `/openapi.json` of the operations and of the schemas that check their requests. */
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi';
import { problemSchema, type ProblemCode } from '#contract/problem.ts';
import { problemCatalogue } from '../problem-catalogue.ts';
import type { Answer, Operation } from './operation.ts';

export type ApiDocument = ReturnType<typeof createDocument>;

export function describeApi(operations: readonly Operation[]): ApiDocument {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describeOperation(operation) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Landbote',
      version: '1',
      description: 'Errors are problem details (RFC 9457); docs/errors.md explains every code.',
    },
    paths,
    components: { securitySchemes: { session: { type: 'http', scheme: 'bearer' } } },
  });
}

function describeOperation(operation: Operation): ZodOpenApiOperationObject {
  const { access, summary, parameters, body } = operation;
  const needed = Array.isArray(access) ? `Needs one of the roles ${access.join(', ')}.` : null;
  return {
    summary,
    ...(needed !== null && { description: needed }),
    ...(access !== 'public' && { security: [{ session: [] }] }),
    ...(parameters !== undefined && { requestParams: parameters }),
    ...(body !== undefined && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: { ...describeRefusals(operation), ...Object.fromEntries(operation.answers.map(describeAnswer)) },
  };
}

function describeAnswer({ status, description, content, type, headers }: Answer): [string, ZodOpenApiResponseObject] {
  const schema = content === undefined ? {} : { content: { [type ?? 'application/json']: { schema: content } } };
  return [String(status), { description, ...schema, ...(headers !== undefined && { headers }) }];
}

/** One entry a status, with all codes that come with it. */
function describeRefusals(operation: Operation): Record<string, ZodOpenApiResponseObject> {
  const byStatus = Map.groupBy(refusalsOf(operation), statusOf);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => {
      const description = codes.map((code) => `${code}: ${problemCatalogue[code].title}.`).join(' ');
      return [String(status), { description, content: { 'application/problem+json': { schema: problemSchema } } }];
    }),
  );
}

function statusOf(code: ProblemCode): number {
  // Who asks and is not declared is refused; only others can be unknown.
  return code === 'person.unknown' ? 403 : problemCatalogue[code].status;
}

function refusalsOf({ access, refusals = [], path }: Operation): ProblemCode[] {
  if (!path.startsWith('/api/')) return ['request.invalid', 'internal'];
  const general: ProblemCode[] = ['request.invalid', 'request.not-json', 'request.too-large', 'internal'];
  if (access === 'public') return [...general, ...refusals];
  const signedIn: ProblemCode[] = [...general, 'session.missing', 'session.invalid', 'rate.limited', ...refusals];
  return access === 'session' ? signedIn : [...signedIn, 'role.missing'];
}
