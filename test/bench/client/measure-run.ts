/** One run: two people sign in with fresh profiles, and the first does what people do all day. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Visitor } from '../../e2e/visitor.ts';
import type { Seat } from '../../e2e/seat.ts';
import { messageText, planRooms, type AccountSize, type PlannedRoom } from './account-plan.ts';
import { measureBare, type BareRooms } from './bare-protocol.ts';
import type { RunFigures } from './figures.ts';
import { openBrowser, type MeasuredBrowser } from './measured-browser.ts';
import {
  inputAt,
  isAmongFirst,
  isAmongLast,
  keysAreAsked,
  listIsShown,
  navigatedAt,
  paintedAt,
  type Condition,
} from './page-clock.ts';

export interface RunOptions {
  readonly size: AccountSize;
  readonly owner: Visitor;
  readonly other: Visitor;
  /** Slows the main thread of the page; 1 leaves it as it is. */
  readonly slowdown: number;
  readonly messages: number;
  readonly bareRooms: BareRooms;
}

const patience = { timeout: 180_000 };
const wheelEveryMs = 30;
/** Somebody reads a moment before reloading. */
const readingMs = 1_000;
/** Before memory is measured: what the browser frees by itself is not what the client needs. */
const restMs = 10_000;
/** A hand rests on what it points at before it presses; scripts do not. The client uses the time, the peers do not. */
const pointingMs = 100;

export async function measureRun(options: RunOptions): Promise<RunFigures> {
  const [own, other] = await Promise.all([openBrowser(options.slowdown), openBrowser(1)]);
  try {
    const blank = await own.memoryMegabytes();
    await openForm(own.seat, options.owner);
    const weighed = own.costs.kilobytesUntil(listIsShown);
    const signInMs = await signIn(own.seat);
    const scriptAndStyleKilobytes = await weighed;
    const start = await own.costs.longTasksMs();
    const keysReadyMs = await sinceInput(own.seat, keysAreAsked);
    await own.seat.secure(options.owner.person);
    await openForm(other.seat, options.other);
    await signIn(other.seat);
    await other.seat.secure(options.other.person);
    const rooms = await measureRooms(own, options.size);
    const messages = await measureMessages(own.seat, other.seat, options);
    const reloadMs = await measureReload(own.seat, messages.last);
    await pause(restMs);
    const memoryMegabytes = (await own.memoryMegabytes()) - blank;
    const bare = await measureBare(options.owner, options.other, options.bareRooms);
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
      keysReadyMs,
      bare,
    };
  } finally {
    await Promise.all([own.close(), other.close()]);
  }
}

async function openForm(seat: Seat, { person, clientUrl }: Visitor): Promise<void> {
  await seat.page.goto(clientUrl);
  await seat.fillSignIn(person);
}

async function signIn(seat: Seat): Promise<number> {
  await seat.submitSignIn();
  return sinceInput(seat, listIsShown);
}

async function sinceInput({ page }: Seat, condition: Condition): Promise<number> {
  const painted = await paintedAt(page, condition);
  return painted - (await inputAt(page));
}

/** From the list as it stands. By a selector: looking for a link by its name takes Playwright seconds in such a list. */
async function openTimed(seat: Seat, room: PlannedRoom): Promise<number> {
  const link = seat.page.locator('nav a[href^="#/room/"]', { hasText: room.name }).first();
  // Right after signing in the list still grows.
  await link.waitFor(patience);
  await link.hover();
  await pause(pointingMs);
  await link.click();
  return sinceInput(seat, isAmongLast(messageText(room, room.messages)));
}

type RoomFigures = Pick<RunFigures, 'switchesMs' | 'longRoomMs' | 'scrollBackMs' | 'scrollBackAgainMs'> & {
  readonly longTasksMs: Omit<RunFigures['longTasksMs'], 'start'>;
};

async function measureRooms({ seat, costs }: MeasuredBrowser, size: AccountSize): Promise<RoomFigures> {
  const [longRoom, ...rooms] = planRooms(size);
  if (longRoom === undefined) throw new Error('The account has no rooms.');
  // Those of the space that stands first in the list.
  const written = rooms.filter(({ messages, space }) => messages > 0 && space === 0);
  await costs.longTasksMs();
  const switchesMs: number[] = [];
  for (const room of written) switchesMs.push(await openTimed(seat, room));
  const switching = await costs.longTasksMs();
  const longRoomMs = await openTimed(seat, longRoom);
  await costs.longTasksMs();
  const scrollBackMs = await scrollBack(seat, messageText(longRoom, 1));
  const scrolling = await costs.longTasksMs();
  // Another room in between, so that nothing of it is on the screen.
  if (written[0]) await openTimed(seat, written[0]);
  await openTimed(seat, longRoom);
  const scrollBackAgainMs = await scrollBack(seat, messageText(longRoom, 1));
  return { switchesMs, longRoomMs, scrollBackMs, scrollBackAgainMs, longTasksMs: { switching, scrolling } };
}

/** Turns the wheel until the first message is there. */
async function scrollBack({ page }: Seat, first: string): Promise<number> {
  await page.mouse.move(800, 400);
  const begun = Date.now();
  const found = new AbortController();
  const watched = paintedAt(page, isAmongFirst(first)).finally(() => found.abort());
  while (!found.signal.aborted) {
    await page.mouse.wheel(0, -2500);
    await pause(wheelEveryMs);
  }
  return (await watched) - begun;
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
  // Watching begins before sending, so that only the message is waited for.
  const watched = [own, other].map(({ page }) => paintedAt(page, isAmongLast(text)));
  await own.page.keyboard.press('Enter');
  const [echoMs = 0, deliveryMs = 0] = await Promise.all(watched);
  const sentAt = await inputAt(own.page);
  return { text, echoMs: echoMs - sentAt, deliveryMs: deliveryMs - sentAt };
}

/** The third reload in a row: what the browser keeps of the code is there by then. */
async function measureReload(seat: Seat, last: string): Promise<number> {
  let durationMs = 0;
  for (let reloads = 0; reloads < 3; reloads += 1) {
    await pause(readingMs);
    await seat.page.reload({ waitUntil: 'commit' });
    durationMs =
      (await paintedAt(seat.page, `${listIsShown} && ${isAmongLast(last)}`)) - (await navigatedAt(seat.page));
  }
  return durationMs;
}
