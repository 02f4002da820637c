import type { RoomSnapshot } from '../engine/protocol.ts';

/** Made once: a thousand rooms are sorted whenever one of them changes. */
const inGerman = new Intl.Collator('de', { numeric: true });

export interface TreeNode {
  readonly room: RoomSnapshot;
  readonly children: readonly TreeNode[];
}

export interface RoomSections {
  /** Newest first. */
  readonly invitations: readonly RoomSnapshot[];
  /** Of every kind, by name; they appear nowhere else. */
  readonly favourites: readonly RoomSnapshot[];
  /** Chats with one person, newest first. */
  readonly direct: readonly RoomSnapshot[];
  /** Groups that anyone may start, newest first. */
  readonly groups: readonly RoomSnapshot[];
  /** Rooms over several bodies or with another trust domain, newest first. */
  readonly shared: readonly RoomSnapshot[];
  /** Bodies → units → rooms. */
  readonly tree: readonly TreeNode[];
  /** Rooms of the organisation that hang below no space this person sees. */
  readonly others: readonly RoomSnapshot[];
}

/** A room that a space names as its child twice, or a space below itself, appears once. */
export function sectionsOf(rooms: ReadonlyMap<string, RoomSnapshot>): RoomSections {
  const all = [...rooms.values()];
  const placed = new Set<string>();
  const tree = rootsOf(all).map((space) => nodeOf(space, rooms, placed));
  const joined = all.filter((room) => !room.isSpace && room.membership === 'join');
  const plain = joined.filter((room) => !room.isFavourite);
  const newest = (kind: (room: RoomSnapshot) => boolean) => plain.filter(kind).toSorted(byActivity);
  return {
    invitations: all.filter((room) => room.membership === 'invite').toSorted(byActivity),
    favourites: joined.filter((room) => room.isFavourite).toSorted(byName),
    direct: newest(isDirect),
    groups: newest(isGroup),
    shared: newest(isShared),
    tree: tree.filter((node) => node.children.length > 0),
    others: plain.filter((room) => isOfOrganisation(room) && !placed.has(room.roomId)).toSorted(byName),
  };
}

/** Whether a room has kept its place: `sectionsOf` reads nothing else of it. */
export function standAlike(before: RoomSnapshot, after: RoomSnapshot): boolean {
  const isSame = (['membership', 'isSpace', 'isFavourite', 'name', 'lastActivityAt'] as const).every(
    (property) => before[property] === after[property],
  );
  return isSame && before.origin?.class === after.origin?.class && areEqual(before.childIds, after.childIds);
}

function areEqual(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index]);
}

function isDirect(room: RoomSnapshot): boolean {
  return room.origin?.class === 'direkt';
}

function isGroup(room: RoomSnapshot): boolean {
  return room.origin?.class === 'gruppe';
}

/** A chat that anyone may start, and that belongs to no body. */
export function isConversation(room: RoomSnapshot): boolean {
  return isDirect(room) || isGroup(room);
}

function isOfOrganisation(room: RoomSnapshot): boolean {
  return !isConversation(room) && !isShared(room);
}

/** Another trust domain takes part. */
export function isJoint(room: RoomSnapshot): boolean {
  return room.origin?.class === 'verbund';
}

function isShared(room: RoomSnapshot): boolean {
  return room.origin?.class === 'gemeinsam' || isJoint(room);
}

/** @param now the room as it is now */
export function hasUnread(node: TreeNode, now: (room: RoomSnapshot) => RoomSnapshot): boolean {
  return now(node.room).unreadCount > 0 || node.children.some((child) => hasUnread(child, now));
}

/** The spaces on the way to a room, outermost first; empty if it is not in the tree. */
export function pathTo(tree: readonly TreeNode[], roomId: string): readonly string[] {
  for (const node of tree) {
    if (node.children.some((child) => child.room.roomId === roomId)) return [node.room.roomId];
    const path = pathTo(node.children, roomId);
    if (path.length > 0) return [node.room.roomId, ...path];
  }
  return [];
}

export function byActivity(a: RoomSnapshot, b: RoomSnapshot): number {
  return b.lastActivityAt - a.lastActivityAt || byName(a, b);
}

function byName(a: RoomSnapshot, b: RoomSnapshot): number {
  return inGerman.compare(a.name, b.name);
}

function rootsOf(all: readonly RoomSnapshot[]): readonly RoomSnapshot[] {
  const below = new Set(all.flatMap((room) => room.childIds));
  return all.filter((room) => room.isSpace && room.membership === 'join' && !below.has(room.roomId)).toSorted(byName);
}

function nodeOf(room: RoomSnapshot, rooms: ReadonlyMap<string, RoomSnapshot>, placed: Set<string>): TreeNode {
  placed.add(room.roomId);
  const children = room.childIds.flatMap((childId) => {
    const child = rooms.get(childId);
    if (!child || placed.has(childId) || !belongsInTree(child)) return [];
    return [nodeOf(child, rooms, placed)];
  });
  return { room, children: children.toSorted(byRank).filter((node) => !node.room.isSpace || node.children.length > 0) };
}

function belongsInTree(room: RoomSnapshot): boolean {
  return room.membership === 'join' && !room.isFavourite && !isShared(room);
}

/** Announcements first, then rooms, then the units below. */
function byRank(a: TreeNode, b: TreeNode): number {
  return rankOf(a.room) - rankOf(b.room) || byName(a.room, b.room);
}

function rankOf(room: RoomSnapshot): number {
  if (room.isSpace) return 2;
  return room.origin?.class === 'dienststelle' ? 0 : 1;
}
