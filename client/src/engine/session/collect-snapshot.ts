import type { ClientConfig } from '#contract/client-config.ts';
import type { BootSnapshot } from '../boot-snapshot.ts';
import type { Directory } from '../directory/directory.ts';
import type { Identity, RoomSnapshot, TimelineItem, Update } from '../protocol.ts';
import type { LatestUpdates } from './latest-updates.ts';

const itemsMax = 40;
/** As many chats as fill the tallest screen; the rest comes from the engine a moment later. Spaces make up the tree. */
const chatsMax = 120;

interface Sources {
  readonly config: ClientConfig;
  readonly identity: Identity;
  readonly latest: LatestUpdates;
  readonly directory: Directory;
}

/** What the next start paints first. Null as long as there is no list. */
export function collectSnapshot({
  config,
  identity,
  latest,
  directory,
}: Sources): Omit<BootSnapshot, 'version'> | null {
  const timeline = latest.timeline(itemsMax);
  const rooms = painted(latest.rooms().changed, timeline?.roomId ?? null);
  if (rooms.length === 0) return null;
  const updates: Update[] = [{ type: 'rooms', changed: rooms, removedIds: [] }];
  if (timeline) updates.push({ type: 'timeline', update: timeline });
  const people = new Set([
    ...rooms.flatMap(peopleOf),
    ...(timeline?.changed ?? []).map((item: TimelineItem) => item.senderId),
  ]);
  return { config, identity, directory: directory.known([...people]), updates };
}

/** The newest, and the open one however old it is. */
function painted(rooms: readonly RoomSnapshot[], openId: string | null): readonly RoomSnapshot[] {
  const isKept = ({ isSpace, roomId }: RoomSnapshot): boolean => isSpace || roomId === openId;
  const others = rooms.filter((room) => !isKept(room)).toSorted((a, b) => b.lastActivityAt - a.lastActivityAt);
  return [...rooms.filter(isKept), ...others.slice(0, chatsMax)];
}

function peopleOf({ counterpartId, preview, inviterId }: RoomSnapshot): string[] {
  return [counterpartId, preview?.senderId, inviterId].filter((userId) => typeof userId === 'string');
}
