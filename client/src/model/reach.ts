/** Which other trust domains can read along in a room. Pure. */

interface Outsiders {
  /** Polizei Hessen; a server that nobody declared by its name. */
  readonly name: string;
  /** 0 while none of those who are let in has come. */
  readonly people: number;
}

export interface Reach {
  /** People of the own trust domain. */
  readonly insiders: number;
  readonly outside: readonly Outsiders[];
}

/** The servers of the own trust domain, and what the others are called. */
export interface Neighbourhood {
  readonly servers: readonly { readonly name: string }[];
  readonly partners: readonly { readonly server: string; readonly name: string }[];
}

/** @param admitted the servers that the room lets in: their people can come at any moment */
export function reachOf(
  admitted: readonly string[],
  memberIds: readonly string[],
  neighbourhood: Neighbourhood,
): Reach {
  const names = memberIds.map((userId) => outsideNameOf(userId, neighbourhood));
  const doors = admitted.map((server) => nameOf(server, neighbourhood));
  const outside = [...new Set([...doors, ...names])].filter((name) => name !== null).toSorted();
  return {
    insiders: names.filter((name) => name === null).length,
    outside: outside.map((name) => ({ name, people: names.filter((other) => other === name).length })),
  };
}

/** What the trust domain of somebody outside is called; null for people of the own one. */
export function outsideNameOf(userId: string, neighbourhood: Neighbourhood): string | null {
  return nameOf(serverOf(userId), neighbourhood);
}

export function serverOf(userId: string): string {
  return userId.slice(userId.indexOf(':') + 1);
}

function nameOf(server: string, { servers, partners }: Neighbourhood): string | null {
  if (servers.some(({ name }) => name === server)) return null;
  return partners.find((partner) => partner.server === server)?.name ?? server;
}
