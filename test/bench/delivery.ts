/**
 * How long a message takes from Enter to the other person's screen, in two real browsers and end-to-end encrypted,
 * against the bare requests of the same path (`PUT /send` until the other's long-polling `/sync` answers), taken in
 * turn on the same homeserver.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { chromium, type Browser } from '@playwright/test';
import { startStack, type Stack } from '#stack/stack.ts';
import { chromiumArguments, chromiumPath } from '../harness/chromium.ts';
import { Seat } from '../e2e/seat.ts';
import { visitorIn, type Visitor } from '../e2e/visitor.ts';
import { BareSession } from './bare-session.ts';
import { benchFolder, benchPortBase, land } from './bench-stack.ts';
import { summarise, type Summary } from './statistics.ts';

export interface DeliveryResult {
  /** Enter pressed → text on the other screen. */
  readonly screens: Summary;
  /** `PUT /send` sent → the other's `/sync` has the event. */
  readonly bare: Summary;
}

const room = 'Hochwasserschutz Eder 2027';

export async function benchDelivery(messages: number): Promise<DeliveryResult> {
  const folder = join(benchFolder, 'delivery');
  // Measuring is quicker than anybody writes; the limit on messages would be all that is measured.
  const overrides = new Map([[land, { rc_message: { per_second: 1000, burst_count: 1000 } }]]);
  const stack = await startStack({ folder, portBase: benchPortBase, servers: [land], overrides });
  const browsers = await Promise.all([launch(), launch()]);
  try {
    return await measure(stack, browsers, messages);
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
    await stack.stop();
  }
}

async function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: await chromiumPath(), args: chromiumArguments });
}

async function measure(stack: Stack, [left, right]: Browser[], messages: number): Promise<DeliveryResult> {
  const [sender, receiver] = [visitorIn(stack.file, land, 'miriam.sauer'), visitorIn(stack.file, land, 'jonas.reith')];
  if (left === undefined || right === undefined) throw new Error('Two browsers are needed.');
  const seats = { sender: await Seat.signIn(left, sender), receiver: await Seat.signIn(right, receiver) };
  await Promise.all([seats.sender.openRoom(room), seats.receiver.openRoom(room)]);
  const bare = { sender: await bareSession(stack, sender), receiver: await bareSession(stack, receiver) };
  const roomId = await bare.sender.roomNamed(room);
  // The first message of a session also makes and shares the room key; it is not what people wait for all day.
  await deliverOnScreens(seats);
  const screens: number[] = [];
  const requests: number[] = [];
  for (let index = 0; index < messages; index += 1) {
    screens.push(await deliverOnScreens(seats));
    requests.push(await deliverBare(bare, roomId));
  }
  await Promise.all([bare.sender.signOut(), bare.receiver.signOut()]);
  return { screens: summarise(screens), bare: summarise(requests) };
}

async function bareSession(stack: Stack, { person }: Visitor): Promise<BareSession> {
  const url = stack.file.domains[land]?.clientApiUrl;
  if (url === undefined) throw new Error(`The stack runs no ${land}.`);
  return BareSession.signIn(url, person);
}

async function deliverOnScreens({ sender, receiver }: { sender: Seat; receiver: Seat }): Promise<number> {
  const text = `Messung ${randomUUID()}`;
  await sender.write(text);
  const begun = performance.now();
  // Watching begins before sending, so that only the message is waited for.
  await Promise.all([receiver.message(text).waitFor(), sender.page.keyboard.press('Enter')]);
  return performance.now() - begun;
}

async function deliverBare(sessions: { sender: BareSession; receiver: BareSession }, roomId: string): Promise<number> {
  await sessions.receiver.catchUp();
  const marker = randomUUID();
  const begun = performance.now();
  await Promise.all([sessions.receiver.untilEvent(roomId, marker), sessions.sender.send(roomId, marker)]);
  return performance.now() - begun;
}
