/** One run: two people sign in with fresh profiles, and the first does what people do all day. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Visitor } from '../../e2e/visitor.ts';
import type { Seat } from '../../e2e/seat.ts';
import { messageText, planRooms, type AccountSize, type PlannedRoom } from './account-plan.ts';
import { measureBare, type BareRooms } from './bare-protocol.ts';
import type { RunFigures } from './figures.ts';
import { openBrowser, type MeasuredBrowser } from './measured-browser.ts';
import { inputAt, isAmongFirst, isAmongLast, keysAreAsked, listIsShown, paintedAt } from './page-clock.ts';
import { scrollPlainPage } from './plain-page.ts';
import { openTimed as openLinkTimed, reloadThrice, restMs, scrollBack, sinceInput } from './timed-acts.ts';

export interface RunOptions {
  readonly size: AccountSize;
  readonly owner: Visitor;
  readonly other: Visitor;
  /** Slows the main thread of the page; 1 leaves it as it is. */
  readonly slowdown: number;
  readonly messages: number;
  readonly bareRooms: BareRooms;
}

/** Pixels from one message to the next, on average. */
const pitchOfMessages = `(() => {
  const tops = [...document.getElementsByTagName('article')].map((article) => article.getBoundingClientRect().top);
  return (tops.at(-1) - tops[0]) / (tops.length - 1);
})()`;
/** The client's step when it loads ahead (engine/timeline/window.ts): then the first message is in the page. */
const ahead = 80;

export async function measureRun(options: RunOptions): Promise<RunFigures> {
  const [own, other] = await Promise.all([openBrowser(options.slowdown), openBrowser(1)]);
  try {
    const blank = await own.memory();
    await openForm(own.seat, options.owner);
    const weighed = own.costs.kilobytesUntil(listIsShown);
    const signInMs = await signIn(own.seat);
    const scriptAndStyleKilobytes = await weighed;
    const start = await own.costs.longTasksMs();
    const keysReadyMs = await sinceInput(own.seat.page, keysAreAsked);
    await own.seat.secure(options.owner.person);
    await openForm(other.seat, options.other);
    await signIn(other.seat);
    await other.seat.secure(options.other.person);
    const rooms = await measureRooms(own, options.size);
    const messages = await measureMessages(own.seat, other.seat, options);
    const reloadMs = await reloadThrice(own.seat.page, `${listIsShown} && ${isAmongLast(messages.last)}`);
    const used = await own.memory();
    await pause(restMs);
    const rested = await own.memory();
    const bare = await measureBare(options.owner, options.other, options.bareRooms);
    // Devices that stay signed in would make each message of the next run dearer.
    await Promise.all([own.seat.signOut(), other.seat.signOut()]);
    const plainScrollBackMs = await scrollPlainPage(own.seat.page.context(), {
      messages: options.size.longRoomMessages,
      pitch: rooms.pitch,
      ahead,
    });
    const { longTasksMs, pitch: _pitch, ...durations } = rooms;
    return {
      signInMs,
      reloadMs,
      ...durations,
      echoesMs: messages.echoesMs,
      deliveriesMs: messages.deliveriesMs,
      longTasksMs: { start, ...longTasksMs },
      scriptAndStyleKilobytes,
      memoryMegabytes: rested.megabytes - blank.megabytes,
      ownMemoryMegabytes: rested.anonymousMegabytes - blank.anonymousMegabytes,
      usedMemoryMegabytes: used.megabytes - blank.megabytes,
      plainScrollBackMs,
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
  return sinceInput(seat.page, listIsShown);
}

function openTimed({ page }: Seat, room: PlannedRoom): Promise<number> {
  const link = page.locator('nav a[href^="#/room/"]', { hasText: room.name }).first();
  return openLinkTimed(page, link, isAmongLast(messageText(room, room.messages)));
}

type RoomFigures = Pick<RunFigures, 'switchesMs' | 'longRoomMs' | 'scrollBackMs' | 'scrollBackAgainMs'> & {
  readonly pitch: number;
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
  const scrollBackMs = await scrollBack(seat.page, isAmongFirst(messageText(longRoom, 1)));
  const scrolling = await costs.longTasksMs();
  // Another room in between, so that nothing of it is on the screen.
  if (written[0]) await openTimed(seat, written[0]);
  await openTimed(seat, longRoom);
  const scrollBackAgainMs = await scrollBack(seat.page, isAmongFirst(messageText(longRoom, 1)));
  const pitch = z.number().parse(await seat.page.evaluate<unknown>(pitchOfMessages));
  return { switchesMs, longRoomMs, pitch, scrollBackMs, scrollBackAgainMs, longTasksMs: { switching, scrolling } };
}

type MessageFigures = Pick<RunFigures, 'echoesMs' | 'deliveriesMs'> & { readonly last: string };

async function measureMessages(own: Seat, other: Seat, { size, messages }: RunOptions): Promise<MessageFigures> {
  const room = planRooms(size).find(({ isEncrypted, isShared }) => isEncrypted && isShared);
  if (room === undefined) throw new Error('The account has no encrypted room.');
  await Promise.all([own.openRoom(room.name), other.openRoom(room.name)]);
  // The first message of a session also makes and shares the room key; it is not what people wait for all day.
  let last = (await deliver(own, other)).text;
  const echoesMs: number[] = [];
  const deliveriesMs: number[] = [];
  for (let index = 0; index < messages; index += 1) {
    const { text, echoMs, deliveryMs } = await deliver(own, other);
    echoesMs.push(echoMs);
    deliveriesMs.push(deliveryMs);
    last = text;
  }
  return { echoesMs, deliveriesMs, last };
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
