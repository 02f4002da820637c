/**
 * A pusher is an address of a person's choice to which the homeserver posts who wrote in which room. It leaves the
 * homeserver by the egress proxy alone, which knows no such address – neither over https nor over plain http.
 */
import { createServer, type Server } from 'node:http';
import { beforeAll, expect, test } from 'vitest';
import type { StackFile } from '#stack/stack-file.ts';
import { connectionsUpToNow } from '#test/harness/federation/egress-log.ts';
import { listenOnLoopback } from '#test/harness/federation/loopback.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { sendText } from '#test/harness/matrix/rooms.ts';
import { signOut } from '#test/harness/matrix/session.ts';
import { unitRoom } from '../rooms.ts';
import { land, readRunningStack, runningHomeserver, signInPerson, somebody } from '../running-stack.ts';

let stack: StackFile;
let outside: Server;
let address: string;
const reached: string[] = [];

beforeAll(async () => {
  stack = await readRunningStack();
  outside = createServer((request, response) => {
    reached.push(request.url ?? '');
    response.end('{}');
  });
  // A development homeserver may reach this machine, so nothing but the proxy is in the way. The appservice's address
  // alone is excepted from it, and that is another name.
  address = `http://localhost:${await listenOnLoopback(outside)}/_matrix/push/v1/notify`;
  return () => {
    outside.close();
  };
});

test('a pusher with a plain address is asked for at the egress proxy, which refuses it', async () => {
  const { domain } = await runningHomeserver(stack, land);
  const reader = await signInPerson(
    domain,
    somebody(domain, ({ userId }) => userId.startsWith('@miriam.sauer:')),
  );
  const writer = await signInPerson(
    domain,
    somebody(domain, ({ userId }) => userId.startsWith('@katrin.vogelsang:')),
  );
  const pusher = {
    kind: 'http',
    app_id: 'de.landbote.test',
    pushkey: address,
    app_display_name: 'Fremd',
    device_display_name: 'Fremd',
    lang: 'de',
    data: { url: address },
  };
  expect(await reader.request('POST', '/v3/pushers/set', pusher)).toMatchObject({ status: 200 });
  await sendText(writer, (await unitRoom(writer)).roomId, 'Wer wird davon benachrichtigt?');

  await waitUntil('the push at the egress proxy', async () =>
    (await connectionsUpToNow(stack.egressProxy)).find(
      ({ target, verdict }) => target === address && verdict === 'refused',
    ),
  );
  expect(reached).toEqual([]);
  await reader.request('POST', '/v3/pushers/set', { ...pusher, kind: null });
  await Promise.all([signOut(reader), signOut(writer)]);
});

test('the listener outside would have shown a push', async () => {
  await fetch(address, { method: 'POST', body: '{}' });
  expect(reached).toEqual(['/_matrix/push/v1/notify']);
});
