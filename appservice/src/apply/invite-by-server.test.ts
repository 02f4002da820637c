import { expect, test } from 'vitest';
import { userIdSchema } from '#contract/ids.ts';
import { HomeserverError } from '#appservice/matrix/ports.ts';
import type { Invite } from '../reconciler/change.ts';
import { inviteByServer, type InvitationError } from './invite-by-server.ts';

const schools = ['ada', 'ben', 'cem', 'dora'].map((name) => inviteOf(`@${name}:schule.hessen.test`));
const districts = ['emil', 'fatma'].map((name) => inviteOf(`@${name}:kreis.hessen.test`));

function inviteOf(user: string): Invite {
  const userId = userIdSchema.parse(user);
  const reason = 'belongs to this room';
  return { kind: 'Invite', address: 'room/stab', userId, before: 'none', after: 'invite', reason, risk: 'low' };
}

/** Who was asked for, in order; `answer` says what comes of it. */
function listening(answer: (invite: Invite) => unknown): {
  asked: string[];
  invite: (invite: Invite) => Promise<InvitationError>;
} {
  const asked: string[] = [];
  return {
    asked,
    async invite(invitation) {
      asked.push(invitation.userId);
      const error = answer(invitation);
      return error === null ? null : { error };
    },
  };
}

function ofSchools({ userId }: Invite): boolean {
  return userId.endsWith(':schule.hessen.test');
}

test.each<[string, unknown]>([
  ['cannot be reached', new HomeserverError(502, 'M_UNKNOWN', "Can't connect to server")],
  ['is not even tried again yet', new HomeserverError(500, 'M_UNKNOWN', 'Internal server error')],
  ['lets the request hang', new HomeserverError(0, 'M_UNKNOWN', 'ESOCKETTIMEDOUT')],
])('a server that %s is asked for one person, and the other server for all of its own', async (_what, silence) => {
  const { asked, invite } = listening((invitation) => (ofSchools(invitation) ? silence : null));
  const outcomes = await inviteByServer([...schools, ...districts], invite);
  expect(new Set(asked)).toEqual(new Set([schools[0], ...districts].map((one) => one?.userId)));
  expect(asked).toHaveLength(3);
  expect(outcomes).toEqual([
    { server: 'schule.hessen.test', invited: [], refused: [], silence: { error: silence, waiting: 4 } },
    { server: 'kreis.hessen.test', invited: districts, refused: [], silence: null },
  ]);
});

test('a server that refuses one person is asked for the others', async () => {
  const refusal = new HomeserverError(403, 'M_FORBIDDEN', 'not here');
  const { asked, invite } = listening((invitation) => (invitation === schools[0] ? refusal : null));
  const [outcome] = await inviteByServer(schools, invite);
  expect(asked).toHaveLength(4);
  expect(outcome).toMatchObject({ invited: schools.slice(1), refused: [{ invite: schools[0] }], silence: null });
});

test('a server that never answers holds up no other', async () => {
  const silent = Promise.withResolvers<InvitationError>();
  const invited = Promise.withResolvers<void>();
  const both = inviteByServer([...schools, ...districts], async (invitation) => {
    if (ofSchools(invitation)) return silent.promise;
    if (invitation === districts[1]) invited.resolve();
    return null;
  });
  await invited.promise;
  silent.resolve({ error: new HomeserverError(0, 'M_UNKNOWN', 'ESOCKETTIMEDOUT') });
  expect(await both).toHaveLength(2);
});
