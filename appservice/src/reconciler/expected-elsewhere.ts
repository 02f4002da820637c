import { serverNameOf, type ServerName, type UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import { computeDesiredState } from './desired-state.ts';

/** For people of `own`: the addresses of rooms on other homeservers of the domain that the declaration puts them into. */
export function computeExpectedElsewhere(
  organisation: Organisation,
  own: ServerName,
): ReadonlyMap<UserId, ReadonlySet<string>> {
  const others = organisation.domain.servers.map(({ name }) => name).filter((name) => name !== own);
  const rooms = others.flatMap((server) => computeDesiredState(organisation, server).rooms);
  const expected = new Map<UserId, Set<string>>();
  for (const { address, members } of rooms) {
    for (const member of members.filter((userId) => serverNameOf(userId) === own)) {
      expected.set(member, (expected.get(member) ?? new Set()).add(address));
    }
  }
  return expected;
}
