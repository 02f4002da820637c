/** The people of a shift who sit at no browser: an engine for each, all in this process, which the bench has forked. */
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { readStackFile, type StackDomain, type StackPerson } from '#stack/stack-file.ts';
import { shiftSchema, type Shift, type ShiftReport, type SignedIn } from '#test/bench/shift-change/messages.ts';
import { accepted, HeadlessClient } from './headless-client.ts';
// What the engine loads only when keys are wanted. Loading it would hold up everybody else in this process.
import '../../client/src/engine/encryption/create-encryption.ts';

const listMsMax = 60_000;
const traffic = { requests: 0, limited: [] as string[] };

/** How undici, which is Node's `fetch`, tells of an answer. */
interface Answered {
  readonly request: { readonly method: string; readonly path: string };
  readonly response: { readonly statusCode: number };
}

subscribe('undici:request:headers', (message) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- documented by undici, "Diagnostics Channel Support"
  const { request, response } = message as Answered;
  traffic.requests += 1;
  if (response.statusCode === 429) traffic.limited.push(`${request.method} ${request.path.split('?')[0]}`);
});

const began = once(process, 'message');
process.send?.('ready');
const [message] = await began;
process.send?.(await workShift(shiftSchema.parse(message)));
process.disconnect();

async function workShift({ stackFilePath, arrivals }: Shift): Promise<ShiftReport> {
  const { domains } = await readStackFile(stackFilePath);
  const turns = await Promise.allSettled(
    arrivals.map(async ({ userId, at }) => {
      const domain = Object.values(domains).find(({ people }) => people.some((person) => person.userId === userId));
      const person = domain?.people.find((candidate) => candidate.userId === userId);
      if (!domain || !person) throw new Error(`the stack lacks ${userId}`);
      await pause(at - Date.now());
      return takeSeat(domain, person).catch((error: unknown) => {
        throw new Error(`${userId}: ${String(error)}`);
      });
    }),
  );
  const seated = turns.flatMap((turn) => (turn.status === 'fulfilled' ? turn.value : []));
  const report = {
    signedIn: seated.map(({ figures }) => figures),
    failures: turns.flatMap((turn) => (turn.status === 'rejected' ? String(turn.reason) : [])),
    ...traffic,
    processorSeconds: processorSeconds(),
  };
  // Devices that stay would make each later message dearer.
  for (const { client } of seated) await client.signOut();
  return report;
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function takeSeat(
  domain: StackDomain,
  person: StackPerson,
): Promise<{ client: HeadlessClient; figures: SignedIn }> {
  const begun = performance.now();
  const client = await HeadlessClient.signIn(domain, person);
  const acceptedMs = performance.now() - begun;
  await list(client);
  const listMs = performance.now() - begun;
  // As a page does once it shows the list.
  const { engine } = client;
  const asked = Promise.all([engine.domain().then(accepted), engine.ownSession().then(accepted)]);
  await client.secure(person);
  const encryptionMs = performance.now() - begun;
  await asked;
  return { client, figures: { userId: person.userId, acceptedMs, listMs, encryptionMs } };
}

/** Waits for the first rooms. Throws if none come. */
async function list(client: HeadlessClient): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const limit = setTimeout(() => reject(new Error(`no list within ${listMsMax / 1000} s`)), listMsMax);
  const look = (): void => {
    if (client.rooms.length > 0) resolve();
  };
  client.engine.subscribe(look);
  look();
  await promise.finally(() => clearTimeout(limit));
}
