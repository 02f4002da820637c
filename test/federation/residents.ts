/**
 * The people whose rooms are tried: one of each homeserver, signed in once per test file and signed out at its end.
 */
import { afterAll } from 'vitest';
import { signOut, type MatrixSession } from '#test/harness/matrix/session.ts';
import { schoolUnit } from './rooms.ts';
import { land, signInPerson, somebody, type RunningHomeserver } from './running-stack.ts';

/** Call it at the top of a test file. */
export function useResidents(): (homeserver: RunningHomeserver) => Promise<MatrixSession> {
  const sessions = new Map<string, Promise<MatrixSession>>();
  afterAll(async () => {
    for (const session of sessions.values()) await signOut(await session);
  });
  return ({ domain }) => {
    const session = sessions.get(domain.serverName) ?? signInPerson(domain, residentOf(domain));
    sessions.set(domain.serverName, session);
    return session;
  };
}

/** On the ministries' server somebody who is in a room with the schools too. */
function residentOf(domain: RunningHomeserver['domain']) {
  return somebody(domain, ({ unit }) => domain.serverName !== land || unit === schoolUnit);
}
