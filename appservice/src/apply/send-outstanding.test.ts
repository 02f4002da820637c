import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import { roomIdSchema, serverNameSchema, userIdSchema, type UserId } from '#contract/ids.ts';
import { createRecordingHomeserver } from '#appservice/matrix/recording-homeserver.ts';
import { HomeserverError } from '#appservice/matrix/ports.ts';
import { createTestSeal } from '#appservice/roster/test-seal.ts';
import { openStore } from '#appservice/store/open-store.ts';
import type { Invite } from '../reconciler/change.ts';
import { createClosedAccounts } from './closed-accounts.ts';
import { createOutstandingInvitations } from './outstanding-invitations.ts';
import { createReconcileMetrics } from './reconcile-metrics.ts';
import { sendOutstanding } from './send-outstanding.ts';

const address = 'room/stab';
const [gone, unwanted, welcome] = ['gone', 'unwanted', 'welcome'].map((name) =>
  userIdSchema.parse(`@${name}:schule.hessen.test`),
);

function inviteOf(userId: UserId): Invite {
  return { kind: 'Invite', address, userId, before: 'none', after: 'invite', reason: 'belongs here', risk: 'low' };
}

test('nobody waits for whom another homeserver refuses because the account is closed; any other refusal is tried again', async () => {
  if (gone === undefined || unwanted === undefined || welcome === undefined) throw new Error('there are three');
  const refusals = new Map([
    [gone, new HomeserverError(403, 'M_USER_DEACTIVATED', 'closed')],
    [unwanted, new HomeserverError(403, 'M_FORBIDDEN', 'not here')],
  ]);
  const store = await openStore({ url: 'sqlite::memory:' });
  onTestFinished(() => store.close());
  const homeserver = createRecordingHomeserver();
  const outstanding = createOutstandingInvitations();
  outstanding.replace(
    [gone, unwanted, welcome].map((person) => ({ invite: inviteOf(person), appliedAction: 'change.applied' })),
    new Map([[address, roomIdSchema.parse('!stab')]]),
  );
  const closedAccounts = createClosedAccounts({ closedAccounts: async () => new Set() }, () => 1);
  await sendOutstanding(outstanding, {
    homeserver: {
      ...homeserver,
      async invite(_roomId, userId) {
        const refusal = refusals.get(userId);
        if (refusal !== undefined) throw refusal;
      },
    },
    serverName: serverNameSchema.parse('land.hessen.test'),
    rosters: createTestSeal(),
    closedAccounts,
    ended: new AbortController().signal,
    log: { begin: () => Promise.resolve(), settle: () => Promise.resolve() },
    logger: pino({ level: 'silent' }),
    store,
    bot: userIdSchema.parse('@landbote:land.hessen.test'),
    metrics: createReconcileMetrics(new Registry()),
    now: () => 1,
  });
  expect(outstanding.all().map(({ invite }) => invite.userId)).toEqual([unwanted]);
  expect(await closedAccounts.read()).toEqual(new Set([gone]));
});
