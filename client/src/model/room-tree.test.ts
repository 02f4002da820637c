import { describe, expect, it } from 'vitest';
import { hasUnread, pathTo, sectionsOf, standAlike } from './room-tree.ts';
import { aRoom } from './testing.ts';

function rooms(...list: ReturnType<typeof aRoom>[]): ReadonlyMap<string, ReturnType<typeof aRoom>> {
  return new Map(list.map((room) => [room.roomId, room]));
}

const body = aRoom({
  roomId: '!hmdf',
  name: 'HMdF',
  class: 'space',
  childIds: ['!abteilung', '!mitteilungen', '!eder', '!fremd'],
});
const department = aRoom({ roomId: '!abteilung', name: 'Abteilung III', class: 'space', childIds: ['!referat'] });
const announcements = aRoom({ roomId: '!mitteilungen', name: 'Mitteilungen HMdF', class: 'dienststelle' });
const unit = aRoom({ roomId: '!referat', name: 'Referat III 4', class: 'einheit', unreadCount: 2 });
const shared = aRoom({ roomId: '!eder', name: 'Hochwasserschutz', class: 'gemeinsam' });

describe('sectionsOf', () => {
  const sections = sectionsOf(rooms(body, department, announcements, unit, shared));

  it('nests body, unit and room as the spaces do, announcements first', () => {
    const [root] = sections.tree;
    expect(root?.room.roomId).toBe('!hmdf');
    expect(root?.children.map((node) => node.room.roomId)).toEqual(['!mitteilungen', '!abteilung']);
    expect(root?.children[1]?.children.map((node) => node.room.roomId)).toEqual(['!referat']);
  });

  it('shows rooms over several bodies once, in their own section', () => {
    expect(sections.shared.map((room) => room.roomId)).toEqual(['!eder']);
    expect(pathTo(sections.tree, '!eder')).toEqual([]);
  });

  it('shows joint rooms beside them', () => {
    const joint = aRoom({ roomId: '!stab', name: 'Stab Unwetter', class: 'verbund' });
    const { shared: found, others } = sectionsOf(rooms(shared, joint));
    expect([found.map((room) => room.roomId), others]).toEqual([['!eder', '!stab'], []]);
  });

  it('finds the way to a room and what is unread below a space', () => {
    expect(pathTo(sections.tree, '!referat')).toEqual(['!hmdf', '!abteilung']);
    expect(sections.tree.map((node) => hasUnread(node, (room) => room))).toEqual([true]);
  });

  it('ends where spaces contain each other', () => {
    const a = aRoom({ roomId: '!a', class: 'space', childIds: ['!b'] });
    const b = aRoom({ roomId: '!b', class: 'space', childIds: ['!a', '!room'] });
    const top = aRoom({ roomId: '!top', class: 'space', childIds: ['!a'] });
    const room = aRoom({ roomId: '!room', class: 'einheit' });
    expect(pathTo(sectionsOf(rooms(top, a, b, room)).tree, '!room')).toEqual(['!top', '!a', '!b']);
  });

  it('keeps rooms that hang below no known space within reach', () => {
    expect(sectionsOf(rooms(unit)).others.map((room) => room.roomId)).toEqual(['!referat']);
  });

  it('puts the newest conversation first', () => {
    const older = aRoom({ roomId: '!alt', class: 'direkt', lastActivityAt: 1 });
    const newer = aRoom({ roomId: '!neu', class: 'direkt', lastActivityAt: 2 });
    expect(sectionsOf(rooms(older, newer)).direct.map((room) => room.roomId)).toEqual(['!neu', '!alt']);
  });

  it('shows a favourite and an invitation in their own sections alone', () => {
    const favourite = aRoom({ roomId: '!referat', class: 'einheit', isFavourite: true });
    const invitation = aRoom({ roomId: '!gruppe', class: 'gruppe', membership: 'invite' });
    const all = sectionsOf(rooms(body, { ...department, childIds: ['!referat'] }, favourite, invitation));
    expect(all.favourites.map((room) => room.roomId)).toEqual(['!referat']);
    expect(all.invitations.map((room) => room.roomId)).toEqual(['!gruppe']);
    expect([all.tree, all.groups, all.others]).toEqual([[], [], []]);
  });
});

describe('standAlike', () => {
  it('is true as long as nothing has changed that an order or a place depends on', () => {
    const typing = { ...unit, unreadCount: 7, mentionCount: 1, typingIds: ['@a:b'], peopleCount: 12 };
    expect(standAlike(unit, typing)).toBe(true);
    expect(standAlike(body, { ...body, childIds: [...body.childIds] })).toBe(true);
  });

  it.each([
    ['name', { name: 'Referat III 5' }],
    ['membership', { membership: 'invite' }],
    ['favourite', { isFavourite: true }],
    ['activity', { lastActivityAt: 1 }],
    ['kind', { isSpace: true }],
    ['class', { origin: null }],
    ['children', { childIds: ['!neu'] }],
  ] as const)('is false after a change of %s', (_what, change) => {
    expect(standAlike(unit, { ...unit, ...change })).toBe(false);
  });
});
