/** What everybody's client asks. */
import {
  conversationSchema,
  domainSchema,
  newConversationSchema,
  openIdTokenSchema,
  peopleLookupSchema,
  peopleQuerySchema,
  peopleSchema,
  sessionSchema,
} from '#contract/api.ts';
import { answerOf, type Operation } from './operation.ts';

export const peopleOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/api/v1/session',
    summary: 'Opens a session by an OpenID token of the own homeserver.',
    access: 'public',
    body: openIdTokenSchema,
    answers: answerOf('The session. Its token goes into the header "Authorization".', sessionSchema, 201),
    refusals: ['session.openid-refused', 'rate.limited', 'homeserver.unavailable'],
  },
  {
    method: 'delete',
    path: '/api/v1/session',
    summary: 'Ends the session that asks.',
    access: 'session',
    answers: [{ status: 204, description: 'It has ended.' }],
  },
  {
    method: 'get',
    path: '/api/v1/domain',
    summary: 'Where data lie, which bodies there are, and what each room class means.',
    access: 'session',
    answers: answerOf('The own trust domain.', domainSchema),
    refusals: ['person.unknown'],
  },
  {
    method: 'get',
    path: '/api/v1/people',
    summary: 'Finds people of the own trust domain.',
    access: 'session',
    parameters: { query: peopleQuerySchema },
    answers: answerOf('The best matches.', peopleSchema),
    refusals: ['person.unknown'],
  },
  {
    method: 'post',
    path: '/api/v1/people/lookup',
    summary: 'Tells who the people with these user ids are.',
    access: 'session',
    body: peopleLookupSchema,
    answers: answerOf('Those who are declared.', peopleSchema),
    refusals: ['person.unknown'],
  },
  {
    method: 'post',
    path: '/api/v1/conversations',
    summary: 'Starts a direct chat or a group.',
    access: 'session',
    body: newConversationSchema,
    answers: [
      { status: 201, description: 'Its room was made.', content: conversationSchema },
      { status: 200, description: 'The direct chat existed already.', content: conversationSchema },
    ],
    refusals: [
      'person.unknown',
      'person.outside-domain',
      'conversation.too-many-people',
      'conversation.refused-by-policy',
      'homeserver.unavailable',
    ],
  },
];
