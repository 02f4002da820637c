/** An engine behind a line that is cut at random points, on a real homeserver: its history is compared with the server's. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { roomIdSchema } from '#contract/ids.ts';
import { readStackFile } from '#stack/stack-file.ts';
import { startCuttingProxy, type CuttingProxy } from '#test/harness/cutting-proxy/cutting-proxy.ts';
import { badGateway, serverFault, type Fault } from '#test/harness/cutting-proxy/faults.ts';
import { numbered, sendPatiently, toldMessages } from '#test/harness/matrix/many-messages.ts';
import { signIn, signOut } from '#test/harness/matrix/session.ts';
import { seededRandom } from '#test/harness/seeded-random.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { timelineFaults } from '../../faults/timeline-check.ts';
import { accepted, HeadlessClient } from '../headless-client.ts';

const room = 'Hochwasserschutz Eder 2027';
const messages = 100;
/** After the line holds the engine may pause for some seconds before it asks again. */
const recoveryMsMax = 60_000;

for (const seed of [42]) {
  test(`a line that is cut at random points loses, doubles and reorders nothing (seed ${seed})`, async () => {
    const { domains } = await readStackFile(inject('stackFile'));
    const land = Object.values(domains).find(({ serverName }) => serverName === 'land.hessen.test');
    const [reader, writer] = ['miriam.sauer', 'jonas.reith'].map((name) =>
      land?.people.find(({ userId }) => userId.startsWith(`@${name}:`)),
    );
    if (!land || !reader || !writer) throw new Error('the stack lacks people');
    const proxy = await startCuttingProxy(land.clientApiUrl);
    const client = await HeadlessClient.signIn(land, reader, proxy.url);
    const roomId = roomIdSchema.parse((await client.roomNamed(room)).roomId);
    await client.open(roomId);

    const session = await signIn(land.clientApiUrl, writer.userId, writer.password);
    const series = `Meldung ${seed} ${crypto.randomUUID().slice(0, 8)}`;
    const sending = sendPatiently(session, roomId, numbered(series, messages));
    await cutAtRandom(proxy, seed, sending);
    const told = await toldMessages(session, roomId, series);

    await waitUntil('the last message', () => textsOf(client).includes(told.at(-1) ?? '') || undefined, recoveryMsMax);
    const windows = await windowsBackTo(client, roomId, series, told[0] ?? '');
    expect(told).toHaveLength(messages);
    expect(timelineFaults(told, windows)).toEqual([]);
    await client.signOut();
    await signOut(session);
    await proxy.close();
  }, 240_000);
}

async function cutAtRandom(proxy: CuttingProxy, seed: number, sending: Promise<void>): Promise<void> {
  const random = seededRandom(seed);
  const ended = sending.then(() => true);
  const lifts: (() => void)[] = [];
  while (!(await Promise.race([ended, pause(100 + random(900), false)]))) {
    if (random(2) === 0) proxy.cutAll();
    else
      lifts.push(proxy.inject({ fault: randomFault(random), matches: ({ path }) => path.includes('sync'), times: 1 }));
  }
  // Faults that no request has met while the engine paused: from here on the line holds.
  for (const lift of lifts) lift();
}

function randomFault(random: (limit: number) => number): Fault {
  const faults: readonly Fault[] = [
    { kind: 'cut-response', afterBytes: random(3000) },
    { kind: 'lose-answer' },
    { kind: 'refuse' },
    { kind: 'delay', milliseconds: random(1500) },
    badGateway,
    serverFault,
  ];
  return faults[random(faults.length)] ?? badGateway;
}

function textsOf(client: HeadlessClient): string[] {
  return client.timeline.flatMap(({ body }) => (body.kind === 'text' ? body.text : []));
}

/** What of the series stands in the window at each step back, until its first message does. */
async function windowsBackTo(
  client: HeadlessClient,
  roomId: string,
  series: string,
  first: string,
): Promise<string[][]> {
  const windows: string[][] = [];
  for (;;) {
    const shown = textsOf(client).filter((text) => text.startsWith(series));
    windows.push(shown);
    if (shown.includes(first) || client.timeline.length === 0 || shown.length === 0) return windows;
    accepted(await client.engine.loadOlder(roomId));
  }
}
