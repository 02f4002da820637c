/** One run: two people sign in with fresh profiles, and the first does what people do all day. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Visitor } from '../../e2e/visitor.ts';
import type { Seat } from '../../e2e/seat.ts';
import { messageText, planRooms, type AccountSize, type PlannedRoom } from './account-plan.ts';
import type { RunFigures } from './figures.ts';
import { openBrowser, type MeasuredBrowser } from './measured-browser.ts';

export interface RunOptions {
  readonly size: AccountSize;
  readonly owner: Visitor;
  readonly other: Visitor;
  /** Slows the main thread of the page; 1 leaves it as it is. */
  readonly slowdown: number;
  readonly messages: number;
}

const listedRooms = 5;
const switchedRooms = 20;
/** A first sign-in of a classic client at a large account takes tens of seconds. */
const patience = { timeout: 120_000 };
const scrollLimitMs = 120_000;
const wheelEveryMs = 30;

export async function measureRun(options: RunOptions): Promise<RunFigures> {
  const [own, other] = await Promise.all([openBrowser(options.slowdown), openBrowser(1)]);
  try {
    const blank = await own.memoryMegabytes();
    const signInMs = await signIn(own.seat, options.owner);
    const scriptAndStyleKilobytes = await own.costs.scriptAndStyleKilobytes();
    const start = await own.costs.longTasksMs();
    await signIn(other.seat, options.other);
    const rooms = await measureRooms(own, options.size);
    const messages = await measureMessages(own.seat, other.seat, options);
    const reloadMs = await measureReload(own.seat, messages.last);
    const memoryMegabytes = (await own.memoryMegabytes()) - blank;
    // Devices that stay signed in would make each message of the next run dearer.
    await Promise.all([own.seat.signOut(), other.seat.signOut()]);
    const { longTasksMs, ...durations } = rooms;
    return {
      signInMs,
      reloadMs,
      ...durations,
      echoesMs: messages.echoesMs,
      encryptedDeliveriesMs: messages.encryptedDeliveriesMs,
      longTasksMs: { start, ...longTasksMs },
      scriptAndStyleKilobytes,
      memoryMegabytes,
    };
  } finally {
    await Promise.all([own.close(), other.close()]);
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

async function signIn(seat: Seat, { person, clientUrl }: Visitor): Promise<number> {
  await seat.page.goto(clientUrl);
  await seat.fillSignIn(person);
  return timed(async () => {
    await seat.submitSignIn();
    await listShown(seat);
  });
}

function listShown(seat: Seat): Promise<void> {
  return seat.list
    .getByRole('link')
    .nth(listedRooms - 1)
    .waitFor(patience);
}

async function openTimed(seat: Seat, room: PlannedRoom): Promise<number> {
  await seat.filterList(room.name);
  const link = seat.room(room.name).first();
  await link.waitFor(patience);
  return timed(async () => {
    await link.click();
    await seat.message(messageText(room, room.messages)).waitFor(patience);
  });
}

type RoomFigures = Pick<RunFigures, 'switchesMs' | 'longRoomMs' | 'scrollBackMs'> & {
  readonly longTasksMs: Omit<RunFigures['longTasksMs'], 'start'>;
};

async function measureRooms({ seat, costs }: MeasuredBrowser, size: AccountSize): Promise<RoomFigures> {
  const [longRoom, ...rooms] = planRooms(size);
  if (longRoom === undefined) throw new Error('The account has no rooms.');
  const written = rooms.filter(({ messages }) => messages > 0).slice(0, switchedRooms);
  await costs.longTasksMs();
  const switchesMs: number[] = [];
  for (const room of written) switchesMs.push(await openTimed(seat, room));
  const switching = await costs.longTasksMs();
  const longRoomMs = await openTimed(seat, longRoom);
  await costs.longTasksMs();
  const scrollBackMs = await scrollBack(seat, messageText(longRoom, 1));
  return { switchesMs, longRoomMs, scrollBackMs, longTasksMs: { switching, scrolling: await costs.longTasksMs() } };
}

/** Turns the wheel until the first message is there. */
async function scrollBack(seat: Seat, first: string): Promise<number> {
  const begun = performance.now();
  await seat.page.mouse.move(800, 400);
  while (performance.now() - begun < scrollLimitMs) {
    if ((await seat.message(first).count()) > 0) return performance.now() - begun;
    await seat.page.mouse.wheel(0, -2500);
    await pause(wheelEveryMs);
  }
  return Infinity;
}

type MessageFigures = Pick<RunFigures, 'echoesMs' | 'encryptedDeliveriesMs'> & { readonly last: string };

async function measureMessages(own: Seat, other: Seat, { size, messages }: RunOptions): Promise<MessageFigures> {
  const room = planRooms(size).find(({ isEncrypted, isShared }) => isEncrypted && isShared);
  if (room === undefined) throw new Error('The account has no encrypted room.');
  await Promise.all([own.openRoom(room.name), other.openRoom(room.name)]);
  // The first message of a session also makes and shares the room key; it is not what people wait for all day.
  let last = (await deliver(own, other)).text;
  const echoesMs: number[] = [];
  const encryptedDeliveriesMs: number[] = [];
  for (let index = 0; index < messages; index += 1) {
    const { text, echoMs, deliveryMs } = await deliver(own, other);
    echoesMs.push(echoMs);
    encryptedDeliveriesMs.push(deliveryMs);
    last = text;
  }
  return { echoesMs, encryptedDeliveriesMs, last };
}

async function deliver(own: Seat, other: Seat): Promise<{ text: string; echoMs: number; deliveryMs: number }> {
  const text = `Messung ${randomUUID()}`;
  await own.write(text);
  const begun = performance.now();
  const until = (seat: Seat): Promise<number> =>
    seat
      .message(text)
      .waitFor(patience)
      .then(() => performance.now() - begun);
  // Watching begins before sending, so that only the message is waited for.
  const [echoMs, deliveryMs] = await Promise.all([until(own), until(other), own.page.keyboard.press('Enter')]);
  return { text, echoMs, deliveryMs };
}

/** The third reload in a row: what the browser keeps of the code is there by then. */
async function measureReload(seat: Seat, last: string): Promise<number> {
  let durationMs = 0;
  for (let reloads = 0; reloads < 3; reloads += 1) {
    durationMs = await timed(async () => {
      await seat.page.reload({ waitUntil: 'commit' });
      await Promise.all([listShown(seat), seat.message(last).waitFor(patience)]);
    });
  }
  return durationMs;
}
