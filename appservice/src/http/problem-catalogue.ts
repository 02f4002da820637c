import type { ProblemCode } from '#contract/problem.ts';

interface CatalogueEntry {
  readonly status: number;
  readonly title: string;
  readonly remedy: string;
}

/** Usual status, title and remedy of each code; docs/errors.md explains them. */
export const problemCatalogue: Readonly<Record<ProblemCode, CatalogueEntry>> = {
  'request.invalid': {
    status: 400,
    title: 'The request is not valid',
    remedy: 'Correct the fields named in "problems" and send the request again.',
  },
  'request.too-large': {
    status: 413,
    title: 'The request is too large',
    remedy: 'Send at most 64 KB.',
  },
  'request.not-json': {
    status: 415,
    title: 'The request is not JSON',
    remedy: 'Send UTF-8 JSON with the header "Content-Type: application/json".',
  },
  'route.unknown': {
    status: 404,
    title: 'There is nothing at this address',
    remedy: 'Check the path. If the client was updated, load it again.',
  },
  'route.method-not-allowed': {
    status: 405,
    title: 'This address does not take this method',
    remedy: 'Use one of the methods in the header "Allow".',
  },
  'session.missing': {
    status: 401,
    title: 'Sign-in is needed',
    remedy: 'Sign in, then send the session token as "Authorization: Bearer …".',
  },
  'session.invalid': {
    status: 401,
    title: 'The session has ended',
    remedy: 'Sign in again.',
  },
  'session.openid-refused': {
    status: 401,
    title: 'The homeserver does not confirm who you are',
    remedy: 'Sign in to your own homeserver again. If that does not help, tell your administration.',
  },
  'session.not-fresh': {
    status: 401,
    title: 'The sign-in is too old for this',
    remedy: 'Sign in again and repeat it within five minutes.',
  },
  'scope.exceeded': {
    status: 403,
    title: 'Your role does not hold there',
    remedy: 'Leave the places named in "problems" to those who are responsible for them.',
  },
  'role.missing': {
    status: 403,
    title: 'Your role does not allow this',
    remedy: 'Ask somebody who holds the role; your administration knows who that is.',
  },
  'person.unknown': {
    status: 404,
    title: 'A person is not known here',
    remedy: 'Search for the person again. New colleagues appear as soon as their office has declared them.',
  },
  'person.outside-domain': {
    status: 403,
    title: 'A person belongs to another administration',
    remedy: 'Choose people of your own administration. Joint rooms of two administrations need an agreement of both.',
  },
  'conversation.too-many-people': {
    status: 400,
    title: 'Too many people for a group',
    remedy: 'Choose fewer people, or have your administration declare a room for them.',
  },
  'conversation.refused-by-policy': {
    status: 403,
    title: 'This conversation is not allowed',
    remedy: 'Ask your administration which conversations your role may start.',
  },
  'plan.unknown': {
    status: 404,
    title: 'There is no such plan',
    remedy: 'Load the list of plans again.',
  },
  'plan.stale': {
    status: 409,
    title: 'The plan is out of date',
    remedy: 'Load the list of plans again and check the new plan.',
  },
  'plan.refused': {
    status: 409,
    title: 'The plan is refused',
    remedy: 'Correct the declaration. If the plan is what you want, make the change in smaller steps.',
  },
  'plan.not-awaiting-approval': {
    status: 409,
    title: 'The plan does not wait for approval',
    remedy: 'Load the list of plans again.',
  },
  'room.unknown': {
    status: 404,
    title: 'There is no such declared room',
    remedy: 'Load the list of your rooms again. In chats and groups that people started nobody moderates.',
  },
  'moderation.refused': {
    status: 409,
    title: 'The homeserver refuses this',
    remedy: 'Load the room again: the message or the person may be gone already.',
  },
  'run.unknown': {
    status: 404,
    title: 'There is no such run',
    remedy: 'Load the list of runs again. Runs are forgotten after 90 days; the audit trail keeps their changes.',
  },
  'run.not-running': {
    status: 409,
    title: 'The run is not under way',
    remedy: 'Load the run again: it has ended.',
  },
  'run.not-cancelled': {
    status: 409,
    title: 'The run was not cancelled',
    remedy: 'Load the run again. Whatever failed in it is tried again by itself.',
  },
  'plan.expired': {
    status: 409,
    title: 'The plan has expired',
    remedy: 'Have its author hand the change in again.',
  },
  'revision.unknown': {
    status: 404,
    title: 'There is no such revision',
    remedy: 'Load the list of revisions again.',
  },
  'revision.stale': {
    status: 409,
    title: 'The organisation has changed meanwhile',
    remedy: 'Load the organisation again, make your change in what it says now, and send that.',
  },
  'revision.waiting': {
    status: 409,
    title: 'Another change waits for approval',
    remedy: 'Have it approved, or have its author withdraw it. Then make your change in what is in force.',
  },
  'revision.base-missing': {
    status: 428,
    title: 'The request does not say what it changes',
    remedy: 'Load the organisation, and send its "ETag" back as "If-Match".',
  },
  'revision.not-waiting': {
    status: 409,
    title: 'The revision does not wait',
    remedy: 'Load the list of revisions again.',
  },
  'organisation.invalid': {
    status: 422,
    title: 'The organisation has faults',
    remedy: 'Correct the places named in "problems", each as its remedy says. Nothing was changed.',
  },
  'agreement.unknown': {
    status: 404,
    title: 'There is no such agreement',
    remedy: 'Load the list of agreements again.',
  },
  'agreement.invalid': {
    status: 422,
    title: 'The agreement cannot be made like this',
    remedy: 'Correct what "detail" names. Nothing was proposed.',
  },
  'agreement.stale': {
    status: 409,
    title: 'These are not the terms',
    remedy: 'Load the agreement again, read its terms, and consent to their digest.',
  },
  'agreement.over': {
    status: 409,
    title: 'The agreement is over',
    remedy: 'Propose a new one. What is over does not come back.',
  },
  'agreement.consented-already': {
    status: 409,
    title: 'Nothing is left to consent to for you',
    remedy: 'Load the agreement again. On each side two different people consent.',
  },
  'partner.unknown': {
    status: 404,
    title: 'There is no such partner',
    remedy: 'Declare the other trust domain as a partner first; two people compare its fingerprint.',
  },
  'alert.unknown': {
    status: 404,
    title: 'There is no such alert',
    remedy: 'Load the room again. If the alert is in a room of another administration, only its own receipts count.',
  },
  'audit.no-such-tree': {
    status: 404,
    title: 'The audit trail has no such tree',
    remedy:
      'Ask for numbers between 1 and the size of the newest checkpoint. If an old checkpoint is larger, rows were cut off.',
  },
  'rate.limited': {
    status: 429,
    title: 'Too many requests',
    remedy: 'Wait for the time in the header "Retry-After", then try again.',
  },
  'homeserver.unavailable': {
    status: 503,
    title: 'The homeserver does not answer',
    remedy: 'Try again in a moment. If it goes on, tell your administration.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong',
    remedy: 'Try again. If it goes on, tell your administration the id in "instance".',
  },
};
