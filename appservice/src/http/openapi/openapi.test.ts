import type { Router } from 'express';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createApi } from '../api/create-api.ts';
import { startTestApi } from '../test-support/test-api.ts';
import { operations } from './operations.ts';

const documentSchema = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), z.object({ responses: z.record(z.string(), z.unknown()) }))),
});

async function readDocument(url: string) {
  return documentSchema.parse(await (await fetch(`${url}/openapi.json`)).json());
}

/** `GET /plans/{digest}` of every route below a router, as express holds them. */
function routesOf(router: Router): string[] {
  return router.stack.flatMap(({ route, handle }) => {
    if (route !== undefined) {
      const methods = route.stack.flatMap(({ method }) => (typeof method === 'string' ? [method] : []));
      return [...new Set(methods)].map((method) => `${method} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`);
    }
    return isRouter(handle) ? routesOf(handle) : [];
  });
}

function isRouter(handler: unknown): handler is Router {
  return typeof handler === 'function' && 'stack' in handler;
}

test('every route is described, and nothing that is not there', async () => {
  const { dependencies } = await startTestApi();
  const described = operations.map(({ method, path }) => `${method} ${path.replace('/api/v1', '')}`);
  expect(routesOf(createApi(dependencies).router).toSorted()).toEqual(described.toSorted());
});

test('the description is OpenAPI 3.1 and names each operation with its refusals', async () => {
  const { url } = await startTestApi();
  const { paths } = await readDocument(url);
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(described.toSorted()).toEqual(operations.map(({ method, path }) => `${method} ${path}`).toSorted());
  const approval = paths['/api/v1/plans/{digest}/approval']?.['post'];
  expect(Object.keys(approval?.responses ?? {})).toEqual(
    expect.arrayContaining(['200', '401', '403', '404', '409', '429', '503']),
  );
});

test('the page may load its own style sheet and nothing else, and runs no script', async () => {
  const { url } = await startTestApi();
  const answer = await fetch(`${url}/openapi`);
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'; style-src 'self'");
  const page = await answer.text();
  const tags = [...page.matchAll(/<[^>]*>/g)].join('\n');
  expect(tags).not.toMatch(/<script|\bstyle=|\bon\w+=|https?:/);
  expect([...page.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, target]) => target)).toEqual([
    '/openapi.css',
    '/openapi.json',
  ]);
  for (const { path } of operations) expect(page).toContain(path);
  const style = await fetch(`${url}/openapi.css`);
  expect([style.status, style.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
});
