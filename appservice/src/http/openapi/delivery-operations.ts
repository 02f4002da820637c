/** The delivery ledger: what was handed to other servers. */
import { deliveriesQuerySchema, deliveriesSchema, deliveriesVerificationSchema } from '#contract/deliveries.ts';
import type { Role } from '#contract/organisation.ts';
import { answerOf, type Operation } from './operation.ts';

const access: readonly Role[] = ['auditor', 'data-protection'];

export const deliveryOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/v1/deliveries',
    summary: 'What of a room was ever handed to another server.',
    access,
    parameters: { query: deliveriesQuerySchema },
    answers: answerOf('How many events, and a page of them; count 0 means none, ever.', deliveriesSchema),
    refusals: ['homeserver.unavailable'],
  },
  {
    method: 'get',
    path: '/api/v1/deliveries/verification',
    summary: 'Names the first entry that is missing, moved or altered, and notes the head in the audit trail.',
    access,
    answers: answerOf('null as its number: the ledger is whole.', deliveriesVerificationSchema),
    refusals: ['homeserver.unavailable'],
  },
];
