/**
 * A pusher is an address of a person's choice to which the homeserver posts who wrote in which room. Nobody may have
 * one (W46); that none would get out either is tried beside it, in layers/egress.test.ts.
 */
import { beforeAll, expect, test } from 'vitest';
import type { ServerName } from '#contract/ids.ts';
import { connectionsUpToNow } from '#test/harness/federation/egress-log.ts';
import type { StackFile } from '#stack/stack-file.ts';
import { auditedRefusal } from '../audited-refusals.ts';
import { listenOutside, pusherTo, type OutsideListener } from '../pushers.ts';
import { useResidents } from '../residents.ts';
import { land, polizei, readRunningStack, runningHomeserver } from '../running-stack.ts';

const residentOf = useResidents();

let stack: StackFile;
let outside: OutsideListener;

beforeAll(async () => {
  stack = await readRunningStack();
  outside = await listenOutside();
  return () => outside.close();
});

test.each<ServerName>([land, polizei])('at %s nobody sets a pusher, and the attempt is audited', async (name) => {
  const homeserver = await runningHomeserver(stack, name);
  const resident = await residentOf(homeserver);
  const answer = await resident.request('POST', '/v3/pushers/set', pusherTo(outside.address));
  expect(answer).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
  expect(await resident.request('GET', '/v3/pushers')).toEqual({ status: 200, body: { pushers: [] } });
  expect(await auditedRefusal(homeserver, 'pusher.nobody', ({ actor }) => actor === resident.userId)).toMatchObject({
    subject: 'rules',
  });
  const asked = (await connectionsUpToNow(stack.egressProxy)).filter(({ target }) => target === outside.address);
  expect(asked).toEqual([]);
});
