/** What devices say of an alert. */
import { alertPathSchema, alertReceiptSchema, alertReceiptsSchema } from '#contract/alert-receipts.ts';
import { answerOf, type Operation } from './operation.ts';

const common = {
  path: '/api/v1/alerts/{room}/{event}/receipts',
  access: 'session',
  parameters: { path: alertPathSchema },
} as const;

export const alertOperations: readonly Operation[] = [
  {
    ...common,
    method: 'post',
    summary: 'Keeps that the alert has arrived on a device, was displayed, or what the person has done about it.',
    body: alertReceiptSchema,
    answers: [{ status: 204, description: 'It is kept; the same once more changes nothing.' }],
    refusals: ['alert.unknown', 'homeserver.unavailable'],
  },
  {
    ...common,
    method: 'get',
    summary: 'Everything that was said of an alert, for whoever sent it; their own for others.',
    answers: answerOf('In the order in which it came in.', alertReceiptsSchema),
    refusals: ['alert.unknown', 'homeserver.unavailable'],
  },
];
