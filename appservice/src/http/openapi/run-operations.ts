/** What is being carried out, and what drifted. */
import { z } from 'zod';
import type { Role } from '#contract/organisation.ts';
import { driftSchema, runParametersSchema, runReportSchema, runsSchema } from '#contract/runs.ts';
import { answerOf, textOf, type Operation } from './operation.ts';

const readers: readonly Role[] = ['provisioner', 'approver', 'auditor'];
const accepted = answerOf('It begins.', z.object({}), 202);
const parameters = { path: runParametersSchema };

export const runOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/v1/runs',
    summary: 'Lists the runs of the last 90 days, the newest first.',
    access: readers,
    answers: answerOf('The runs.', runsSchema),
  },
  {
    method: 'get',
    path: '/api/v1/runs/{run}',
    summary: 'Tells per room or account what happened, and what somebody can do.',
    access: readers,
    parameters,
    answers: answerOf('The report.', runReportSchema),
    refusals: ['run.unknown'],
  },
  {
    method: 'get',
    path: '/api/v1/runs/{run}/events',
    summary: 'Follows a run until its end.',
    access: readers,
    parameters,
    answers: textOf('Server-sent events: progress, at last ended.', 'text/event-stream', z.unknown()),
    refusals: ['run.unknown'],
  },
  {
    method: 'post',
    path: '/api/v1/runs/{run}/cancellation',
    summary: 'Stops a run between two changes.',
    access: ['provisioner', 'approver'],
    parameters,
    answers: accepted,
    refusals: ['run.unknown', 'run.not-running', 'scope.exceeded'],
  },
  {
    method: 'post',
    path: '/api/v1/runs/{run}/resumption',
    summary: 'Carries out what a cancelled run left.',
    access: ['provisioner', 'approver'],
    parameters,
    answers: accepted,
    refusals: ['run.unknown', 'run.not-cancelled', 'scope.exceeded'],
  },
  {
    method: 'get',
    path: '/api/v1/drift',
    summary: 'Lists what differs from the declaration and weakens nothing.',
    access: readers,
    answers: answerOf('The differences.', driftSchema),
  },
  {
    method: 'post',
    path: '/api/v1/drift/repair',
    summary: 'Makes as declared also what weakens nothing, where the approver may approve.',
    access: ['approver'],
    answers: accepted,
    refusals: ['scope.exceeded'],
  },
];
