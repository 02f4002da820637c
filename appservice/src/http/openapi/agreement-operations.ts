/** Agreements with other trust domains. */
import {
  agreementParametersSchema,
  agreementSchema,
  agreementsSchema,
  consentSchema,
  endSchema,
  newAgreementSchema,
  partnersSchema,
} from '#contract/agreement.ts';
import type { Role } from '#contract/organisation.ts';
import { answerOf, type Operation } from './operation.ts';

const readers: readonly Role[] = ['provisioner', 'approver', 'auditor', 'data-protection'];

export const agreementOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/v1/partners',
    summary: 'Tells with whom agreements can be made, and which fingerprints have to be compared.',
    access: readers,
    answers: answerOf('The own fingerprint and the partners.', partnersSchema),
    refusals: ['homeserver.unavailable'],
  },
  {
    method: 'get',
    path: '/api/v1/agreements',
    summary: 'Lists all agreements, the newest first.',
    access: readers,
    answers: answerOf('The agreements.', agreementsSchema),
  },
  {
    method: 'post',
    path: '/api/v1/agreements',
    summary: 'Proposes an agreement, by a sign-in of the last five minutes.',
    access: ['provisioner'],
    body: newAgreementSchema,
    answers: answerOf('The agreement, which waits for a second person.', agreementSchema, 201),
    refusals: ['session.not-fresh', 'scope.exceeded', 'partner.unknown', 'agreement.invalid'],
  },
  {
    method: 'post',
    path: '/api/v1/agreements/{id}/consent',
    summary: 'Consents to exactly these terms, by a sign-in of the last five minutes.',
    access: ['approver'],
    parameters: { path: agreementParametersSchema },
    body: consentSchema,
    answers: answerOf(
      'The agreement: sent to the other side, accepted, or waiting for a second person.',
      agreementSchema,
    ),
    refusals: [
      'session.not-fresh',
      'scope.exceeded',
      'agreement.unknown',
      'agreement.stale',
      'agreement.over',
      'agreement.consented-already',
      'agreement.invalid',
    ],
  },
  {
    method: 'post',
    path: '/api/v1/agreements/{id}/end',
    summary: 'Ends an agreement or declines it; the other side is not asked.',
    access: ['provisioner', 'approver'],
    parameters: { path: agreementParametersSchema },
    body: endSchema,
    answers: answerOf('The agreement: nobody meets in it any more.', agreementSchema),
    refusals: ['scope.exceeded', 'agreement.unknown', 'agreement.over'],
  },
];
