/** Every operation that the API has; a test compares this with the routes. */
import { z } from 'zod';
import { agreementOperations } from './agreement-operations.ts';
import { alertOperations } from './alert-operations.ts';
import { auditOperations } from './audit-operations.ts';
import { deliveryOperations } from './delivery-operations.ts';
import { governanceOperations } from './governance-operations.ts';
import { moderationOperations } from './moderation-operations.ts';
import { answerOf, textOf, type Operation } from './operation.ts';
import { peopleOperations } from './people-operations.ts';
import { runOperations } from './run-operations.ts';

const progressSchema = z.object({ state: z.string(), done: z.int(), total: z.int() });

const openOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/live',
    summary: 'Whether the process answers.',
    access: 'public',
    answers: answerOf('It does.', z.object({ state: z.literal('live') })),
  },
  {
    method: 'get',
    path: '/ready',
    summary: 'Whether the organisation stands.',
    access: 'public',
    answers: [
      { status: 200, description: 'It does.', content: progressSchema },
      { status: 503, description: 'Not yet; this is how far it is.', content: progressSchema },
    ],
  },
  {
    method: 'get',
    path: '/openapi.json',
    summary: 'This description.',
    access: 'public',
    answers: answerOf('OpenAPI 3.1.', z.looseObject({ openapi: z.string() })),
  },
  {
    method: 'get',
    path: '/openapi',
    summary: 'This description for people.',
    access: 'public',
    answers: textOf('A page that loads nothing from elsewhere.', 'text/html', z.string()),
  },
  {
    method: 'get',
    path: '/openapi.css',
    summary: 'How the page looks.',
    access: 'public',
    answers: textOf('A style sheet.', 'text/css', z.string()),
  },
];

export const operations: readonly Operation[] = [
  ...peopleOperations,
  ...governanceOperations,
  ...auditOperations,
  ...deliveryOperations,
  ...runOperations,
  ...moderationOperations,
  ...agreementOperations,
  ...alertOperations,
  ...openOperations,
];
