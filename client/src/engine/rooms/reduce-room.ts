/** RoomRecord ← what the sync says of the room. Pure; the timeline is folded in elsewhere. */
import type { RawEvent } from '../matrix/raw-event.ts';
import type { AccountDataEvent, Receipt, RoomChange, StrippedEvent } from '../sync/rooms-answer.ts';
import { stateName, type RoomRecord, type StateEntry } from './room-record.ts';

/** State of a room, with the empty key, that snapshots are made of; the sync asks for it. */
export const roomStateTypes = [
  'm.room.create',
  'm.room.name',
  'm.room.topic',
  'm.room.encryption',
  'm.room.power_levels',
  'm.room.history_visibility',
  'm.room.retention',
  'm.room.server_acl',
] as const;

/** Of the rest only the timeline tells. */
const keptTypes: ReadonlySet<string> = new Set([...roomStateTypes, 'm.space.child']);
const mostNames = 200;

export function reduceRoom(record: RoomRecord, change: RoomChange, userId: string): RoomRecord {
  if (change.invitation !== null) return invited(record, change.invitation, userId);
  // Required state is the state as of now, the timeline how it came there: in this order the newest wins.
  const events = [...change.timeline, ...change.requiredState].filter((event) => event.state_key !== undefined);
  const own = events.findLast((event) => event.type === 'm.room.member' && event.state_key === userId);
  const mayHaveMissed = change.isLimited || change.isInitial;
  return {
    ...record,
    membership: membershipOf(own) ?? (change.isInitial && record.membership === 'invite' ? 'join' : record.membership),
    state: { ...(change.isInitial ? onlyOwn(record, userId) : record.state), ...kept(events, userId) },
    names: named(record.names, events),
    hasAllMembers: record.hasAllMembers && !mayHaveMissed,
    ...(change.heroes ? { heroes: change.heroes.map((hero) => ({ ...hero })) } : {}),
    ...(change.joinedCount === undefined ? {} : { joinedCount: change.joinedCount }),
  };
}

export function reduceReceipts(record: RoomRecord, receipts: readonly Receipt[], userId: string): RoomRecord {
  const own = receipts.filter((receipt) => receipt.userId === userId && receipt.at >= (record.receipt?.at ?? 0));
  const latest = own.toSorted((a, b) => a.at - b.at).at(-1);
  return latest ? { ...record, receipt: { eventId: latest.eventId, at: latest.at } } : record;
}

export function reduceAccountData(record: RoomRecord, events: readonly AccountDataEvent[]): RoomRecord {
  const contentOf = (type: string) => events.findLast((event) => event.type === type)?.content;
  const tags = contentOf('m.tag');
  const eventId = contentOf('m.fully_read')?.['event_id'];
  return {
    ...record,
    ...(tags ? { isFavourite: isFavourite(tags['tags']) } : {}),
    ...(typeof eventId === 'string' ? { fullyReadId: eventId } : {}),
  };
}

function invited(record: RoomRecord, events: readonly StrippedEvent[], userId: string): RoomRecord {
  const entries = events.map(({ type, state_key: stateKey, sender, content }) =>
    entry({ type, state_key: stateKey, sender, content, origin_server_ts: 0 }, stateKey),
  );
  const relevant = entries.filter(
    ({ type, stateKey }) => keptTypes.has(type) || (type === 'm.room.member' && stateKey === userId),
  );
  return {
    ...record,
    membership: 'invite',
    state: Object.fromEntries(relevant.map((each) => [stateName(each.type, each.stateKey), each])),
  };
}

function membershipOf(event: RawEvent | undefined): RoomRecord['membership'] | null {
  const membership = event?.content['membership'];
  if (membership === 'join' || membership === 'invite') return membership;
  return membership === undefined ? null : 'leave';
}

function onlyOwn(record: RoomRecord, userId: string): RoomRecord['state'] {
  const name = stateName('m.room.member', userId);
  const own = Object.hasOwn(record.state, name) ? record.state[name] : undefined;
  return own ? { [name]: own } : {};
}

function kept(events: readonly RawEvent[], userId: string): Record<string, StateEntry> {
  const relevant = events.flatMap((event) => {
    const { type, state_key: stateKey } = event;
    if (stateKey === undefined) return [];
    const isOwnMember = type === 'm.room.member' && stateKey === userId;
    return keptTypes.has(type) || isOwnMember ? [[stateName(type, stateKey), entry(event, stateKey)] as const] : [];
  });
  return Object.fromEntries(relevant);
}

function entry(event: Omit<RawEvent, 'event_id'>, stateKey: string): StateEntry {
  const { type, sender: senderId, origin_server_ts: sentAt, content } = event;
  return { type, stateKey, senderId, sentAt, content: { ...content } };
}

function named(names: RoomRecord['names'], events: readonly RawEvent[]): RoomRecord['names'] {
  const found = events.flatMap(({ type, state_key: stateKey, content }) => {
    const name = content['displayname'];
    return type === 'm.room.member' && stateKey !== undefined && typeof name === 'string'
      ? [[stateKey, name.slice(0, 255)] as const]
      : [];
  });
  if (found.length === 0) return names;
  return Object.fromEntries(Object.entries({ ...names, ...Object.fromEntries(found) }).slice(-mostNames));
}

function isFavourite(tags: unknown): boolean {
  return typeof tags === 'object' && tags !== null && Object.hasOwn(tags, 'm.favourite');
}
