/** The audit trail: rows, verification, signed heads and proofs. */
import { z } from 'zod';
import {
  auditProofSchema,
  auditQuerySchema,
  auditRowsSchema,
  auditVerificationSchema,
  consistencyQuerySchema,
  inclusionQuerySchema,
} from '#contract/governance.ts';
import type { Role } from '#contract/organisation.ts';
import { answerOf, textOf, type Operation } from './operation.ts';

const access: readonly Role[] = ['auditor', 'data-protection'];

export const auditOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/v1/audit',
    summary: 'Reads rows; that leaves a row, too.',
    access,
    parameters: { query: auditQuerySchema },
    answers: answerOf('The rows that follow.', auditRowsSchema),
  },
  {
    method: 'get',
    path: '/api/v1/audit.csv',
    summary: 'Reads rows as CSV without formulas.',
    access,
    parameters: { query: auditQuerySchema },
    answers: textOf('The rows that follow, below a header.', 'text/csv', z.string()),
  },
  {
    method: 'get',
    path: '/api/v1/audit/verification',
    summary: 'Names the first row that is missing, moved or altered.',
    access,
    answers: answerOf('null as its number: the trail is whole.', auditVerificationSchema),
  },
  {
    method: 'get',
    path: '/api/v1/audit/checkpoint',
    summary: 'Signs the head of the tree over all rows, for a witness to keep.',
    access,
    answers: textOf('A checkpoint (c2sp.org/tlog-checkpoint).', 'text/plain', z.string()),
  },
  {
    method: 'get',
    path: '/api/v1/audit/verifier-key',
    summary: 'The key by which a witness knows genuine checkpoints.',
    access,
    answers: textOf('A verifier key (c2sp.org/signed-note).', 'text/plain', z.string()),
  },
  {
    method: 'get',
    path: '/api/v1/audit/consistency',
    summary: 'Proves that the tree of "to" rows begins with the tree of "from" rows.',
    access,
    parameters: { query: consistencyQuerySchema },
    answers: answerOf('The proof (RFC 6962, section 2.1.2).', auditProofSchema),
    refusals: ['audit.no-such-tree'],
  },
  {
    method: 'get',
    path: '/api/v1/audit/inclusion',
    summary: 'Proves that a row is in the tree of "size" rows.',
    access,
    parameters: { query: inclusionQuerySchema },
    answers: answerOf('The proof (RFC 6962, section 2.1.1).', auditProofSchema),
    refusals: ['audit.no-such-tree'],
  },
];
