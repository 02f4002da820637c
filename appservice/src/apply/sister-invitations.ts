/** The invitations of the own domain's other homeservers, for the people of the declaration in force. */
import type { Logger } from 'pino';
import { userIdOf, type UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import type { Store } from '#appservice/store/open-store.ts';
import { computeExpectedElsewhere } from '../reconciler/expected-elsewhere.ts';
import { acceptInvitations, type Acceptances, type AcceptOptions } from './accept-invitations.ts';
import type { AcceptInvitations, WhoseInvitations } from './acceptance.ts';
import { readArrivals, type Arrivals } from './arrivals.ts';

export interface SisterOptions extends Omit<AcceptOptions, 'domain'> {
  readonly store: Store;
  readonly logger: Logger;
  /** The declaration in force at this moment. */
  readonly organisation: () => Organisation;
}

export async function createSisterInvitations(options: SisterOptions): Promise<AcceptInvitations> {
  const arrivals = await readArrivals(options.store.db);
  return async (whose) => {
    const organisation = options.organisation();
    const servers = organisation.domain.servers.map(({ name }) => name);
    // A domain of one homeserver has nobody who could invite from elsewhere.
    if (servers.length < 2) return new Set();
    const domain = { id: organisation.domain.id, servers };
    const people = peopleOf(whose, organisation, options, arrivals);
    const acceptances = await acceptInvitations(people, { ...options, domain });
    arrivals.add(acceptances.arrivals);
    logFailures(options.logger, acceptances);
    return new Set(acceptances.failures.keys());
  };
}

function peopleOf(
  whose: WhoseInvitations,
  organisation: Organisation,
  { serverName }: Pick<SisterOptions, 'serverName'>,
  arrivals: Arrivals,
): UserId[] {
  const everybody = organisation.bodies
    .filter(({ server }) => server === serverName)
    .flatMap((body) => body.people.map(({ id }) => userIdOf(id, serverName)));
  if (whose === 'everybody') return everybody;
  const expected = whose.isExpectedToo ? computeExpectedElsewhere(organisation, serverName) : new Map<UserId, never>();
  const missing = arrivals.missing(expected);
  return everybody.filter((person) => whose.people.has(person) || missing.has(person));
}

/** One line for all of them: mostly it is one homeserver that is away. */
function logFailures(logger: Logger, { failures }: Acceptances): void {
  const [first] = failures;
  if (first === undefined) return;
  const [person, error] = first;
  logger.warn({ people: failures.size, person, err: error }, 'invitations could not be accepted; trying again soon');
}
