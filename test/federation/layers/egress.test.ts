/**
 * The egress proxy as the only layer (docs/wall.md, layer 7): whitelist, policy and rules are off, so a person may have a
 * pusher, an address of their choice to which the homeserver posts who writes in which room. The proxy knows no such
 * address, neither over https nor over plain http.
 */
import { beforeAll, expect, test } from 'vitest';
import { sendText } from '#test/harness/matrix/rooms.ts';
import { signOut } from '#test/harness/matrix/session.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { listenOutside, pusherTo, type OutsideListener } from '../pushers.ts';
import { unitRoom } from '../rooms.ts';
import { startLayeredLand, type LayeredLand } from './layered-land.ts';

let landAlone: LayeredLand;
let outside: OutsideListener;

beforeAll(async () => {
  landAlone = await startLayeredLand({ whitelist: false, policyUrl: null });
  outside = await listenOutside();
  return async () => {
    outside.close();
    await landAlone.close();
  };
});

test.each([
  ['a plain address', () => outside.address, (address: string) => address],
  ['an https address', () => 'https://evil.test/_matrix/push/v1/notify', () => 'evil.test:443'],
])('a push to %s is asked for at the egress proxy, which refuses it', async (_what, addressOf, targetOf) => {
  const address = addressOf();
  const writer = await landAlone.signInColleague();
  expect(await landAlone.resident.request('POST', '/v3/pushers/set', pusherTo(address))).toMatchObject({ status: 200 });
  await sendText(writer, (await unitRoom(writer)).roomId, 'Wer wird davon benachrichtigt?');

  await waitUntil('the push at the egress proxy', async () =>
    landAlone.wayOut.records.find(({ target, verdict }) => target === targetOf(address) && verdict === 'refused'),
  );
  expect(outside.reached).toEqual([]);
  await landAlone.resident.request('POST', '/v3/pushers/set', { ...pusherTo(address), kind: null });
  await signOut(writer);
});

test('the listener outside would have shown a push', async () => {
  await fetch(outside.address, { method: 'POST', body: '{}' });
  expect(outside.reached).toEqual(['/_matrix/push/v1/notify']);
});
