/** One run of a peer: the same acts on the same account, as far as it can do them. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import type { Visitor } from '../../../e2e/visitor.ts';
import { messageText, planRooms, type AccountSize, type PlannedRoom } from '../account-plan.ts';
import type { PeerFigures } from '../figures.ts';
import { openBrowser, type MeasuredBrowser } from '../measured-browser.ts';
import { inputAt, paintedAt } from '../page-clock.ts';
import { openTimed, reloadThrice, restMs, scrollBack, sinceInput } from '../timed-acts.ts';
import { fillSignIn, goTo, isAmongFirst, isAmongLast, listIsShown, roomLink, submitSignIn, write } from './cinny.ts';

export interface PeerOptions {
  readonly size: AccountSize;
  readonly owner: Visitor;
  readonly other: Visitor;
  readonly slowdown: number;
  readonly messages: number;
  /** Where the peer is served. */
  readonly url: string;
  /** The long room's place in its addresses. In spaces it lists no rooms whose ids name no server (room version 12). */
  readonly longRoomHash: string;
}

/** As many as the own client's, which are those of one space. */
const switches = 17;

export async function measurePeer(options: PeerOptions): Promise<PeerFigures> {
  const [own, other] = await Promise.all([openBrowser(options.slowdown), openBrowser(1)]);
  try {
    const blank = await own.memory();
    await openForm(own, options.owner, options.url);
    const weighed = own.costs.kilobytesUntil(listIsShown);
    await submitSignIn(own.page);
    const signInMs = await sinceInput(own.page, listIsShown);
    const scriptAndStyleKilobytes = await weighed;
    const start = await own.costs.longTasksMs();
    await openForm(other, options.other, options.url);
    await submitSignIn(other.page);
    await paintedAt(other.page, listIsShown);
    const shared = roomOutsideOfSpaces(options.size);
    const { longTasksMs, ...rooms } = await measureRooms(own, shared, options);
    const messages = await measureMessages(own.page, other.page, shared, options.messages);
    const reloadMs = await reloadThrice(own.page, `${listIsShown} && ${isAmongLast(messages.last)}`);
    await pause(restMs);
    const memoryMegabytes = (await own.memory()).megabytes - blank.megabytes;
    const { echoesMs, deliveriesMs } = messages;
    return {
      signInMs,
      reloadMs,
      ...rooms,
      echoesMs,
      deliveriesMs,
      longTasksMs: { start, ...longTasksMs },
      scriptAndStyleKilobytes,
      memoryMegabytes,
    };
  } finally {
    await Promise.all([own.close(), other.close()]);
  }
}

async function openForm({ page }: MeasuredBrowser, person: Visitor, url: string): Promise<void> {
  await page.goto(url);
  await fillSignIn(page, person);
}

/** Unencrypted, with both people in it, and in the list that Cinny begins with. */
function roomOutsideOfSpaces(size: AccountSize): PlannedRoom {
  const room = planRooms(size).find(({ isEncrypted, isShared, space }) => !isEncrypted && isShared && space === null);
  if (room === undefined) throw new Error('The account has no plain room for both outside of its spaces.');
  return room;
}

/** @param besides the room that messages are sent to: it does not end as planned */
async function measureRooms({ page, costs }: MeasuredBrowser, besides: PlannedRoom, options: PeerOptions) {
  const { size, longRoomHash } = options;
  const [longRoom, ...rooms] = planRooms(size);
  if (longRoom === undefined) throw new Error('The account has no rooms.');
  const written = rooms
    .filter(({ name, messages, space }) => messages > 0 && space === null && name !== besides.name)
    .slice(0, switches);
  await costs.longTasksMs();
  const switchesMs: number[] = [];
  for (const room of written) switchesMs.push(await open(page, room));
  const switching = await costs.longTasksMs();
  await goTo(page, longRoomHash);
  const longRoomMs = await sinceInput(page, isAmongLast(messageText(longRoom, longRoom.messages)));
  await costs.longTasksMs();
  const scrollBackMs = await scrollBack(page, isAmongFirst(messageText(longRoom, 1)));
  const scrolling = await costs.longTasksMs();
  return { switchesMs, longRoomMs, scrollBackMs, longTasksMs: { switching, scrolling } };
}

function open(page: Page, room: PlannedRoom): Promise<number> {
  return openTimed(page, roomLink(page, room.name), isAmongLast(messageText(room, room.messages)));
}

async function measureMessages(own: Page, other: Page, room: PlannedRoom, count: number) {
  for (const page of [own, other]) {
    await goTo(page, '#/home/');
    await roomLink(page, room.name).click();
  }
  const echoesMs: number[] = [];
  const deliveriesMs: number[] = [];
  let last = '';
  for (let index = 0; index < count; index += 1) {
    last = `Messung ${randomUUID()}`;
    await write(own, last);
    const watched = [own, other].map((page) => paintedAt(page, isAmongLast(last)));
    await own.keyboard.press('Enter');
    const [echoMs = 0, deliveryMs = 0] = await Promise.all(watched);
    const sentAt = await inputAt(own);
    echoesMs.push(echoMs - sentAt);
    deliveriesMs.push(deliveryMs - sentAt);
  }
  return { echoesMs, deliveriesMs, last };
}
