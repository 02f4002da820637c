import type { EncryptionRoom } from '../encryption/encryption.ts';
import type { Member } from '../protocol.ts';
import type { StorageChange } from '../storage/storage.ts';
import type { RoomChange } from '../sync/rooms-answer.ts';
import { fetchMembers, memberListSchema, withMembers, type MemberList } from './member-list.ts';
import { isServiceAccount, originOf } from './origin.ts';
import { keyReceivers } from '../roster/judge-roster.ts';
import { RosterError } from '../roster/roster-error.ts';
import { stateContent, stateOf } from './room-record.ts';
import type { ReadingEncryption } from './room-data.ts';
import type { Rosters } from './rosters.ts';
import type { RoomStore } from './room-store.ts';

/** Complete lists of members: loaded when a room is opened or written to, then kept current by the sync. */
export class MemberLists {
  readonly #store: RoomStore;
  readonly #rosters: Rosters;
  readonly #loading = new Map<string, Promise<MemberList>>();
  /** The list that was looked up last: whoever writes needs the same one with every message. */
  #last: { readonly roomId: string; readonly list: Promise<MemberList | null> } | null = null;

  constructor(store: RoomStore, rosters: Rosters) {
    this.#store = store;
    this.#rosters = rosters;
  }

  async members(roomId: string): Promise<readonly Member[]> {
    return this.#people(roomId, await this.#list(roomId));
  }

  /** Service accounts included. */
  async memberIds(roomId: string): Promise<readonly string[]> {
    return Object.keys(await this.#list(roomId));
  }

  async encryptionRoom(roomId: string): Promise<EncryptionRoom | null> {
    const record = this.#store.records.get(roomId);
    const encryption = record && stateOf(record, 'm.room.encryption');
    if (!record || !encryption) return null;
    const [list, { roster, problem }] = await Promise.all([this.#list(roomId), this.#rosters.of(roomId)]);
    if (roster === null || problem !== null) throw new RosterError(problem ?? 'missing');
    const visibility = stateContent(record, 'm.room.history_visibility')['history_visibility'];
    const historyVisibility = typeof visibility === 'string' ? visibility : 'shared';
    return {
      roomId,
      settings: encryption.content,
      historyVisibility,
      // However they came into the room: who does not belong to it reads nothing.
      members: keyReceivers(roster, receivers(list, historyVisibility)),
      isDirect: originOf(record)?.class === 'direkt',
    };
  }

  /** Brings the stored lists up to date. @returns what has to be stored. */
  async follow(changes: ReadonlyMap<string, RoomChange>): Promise<readonly StorageChange[]> {
    const followed = await Promise.all([...changes].map(([roomId, change]) => this.#followOne(roomId, change)));
    return followed.flat();
  }

  async #followOne(roomId: string, change: RoomChange): Promise<readonly StorageChange[]> {
    const events = [...change.timeline, ...change.requiredState].filter(({ type }) => type === 'm.room.member');
    // A list that is being loaded may already be older than this change.
    if (events.length > 0) this.#loading.delete(roomId);
    if (events.length === 0 || this.#store.records.get(roomId)?.hasAllMembers !== true) return [];
    const list = await this.#stored(roomId);
    if (!list) return [];
    const changed = withMembers(
      list,
      events.map(({ type, state_key, content }) => ({ type, stateKey: state_key ?? null, content })),
    );
    this.#hold(roomId, Promise.resolve(changed));
    if (this.#store.timelines.loaded(roomId)?.isWatched) void this.#announce(roomId, changed);
    return [{ table: 'members', key: roomId, value: changed }];
  }

  async #list(roomId: string): Promise<MemberList> {
    const isStored = this.#store.records.get(roomId)?.hasAllMembers === true;
    return (isStored ? await this.#stored(roomId) : null) ?? this.#load(roomId);
  }

  #load(roomId: string): Promise<MemberList> {
    const running = this.#loading.get(roomId);
    if (running) return running;
    const loading: Promise<MemberList> = this.#fetch(roomId, () => this.#loading.get(roomId) === loading).finally(
      () => {
        if (this.#loading.get(roomId) === loading) this.#loading.delete(roomId);
      },
    );
    this.#loading.set(roomId, loading);
    return loading;
  }

  /** @param isCurrent false if members have changed while it was under way. */
  async #fetch(roomId: string, isCurrent: () => boolean): Promise<MemberList> {
    const list = await fetchMembers(this.#store.surroundings.api, roomId);
    if (!isCurrent()) return this.#list(roomId);
    if (!this.#store.records.get(roomId)) return list;
    this.#store.records.update(roomId, (record) => ({
      ...record,
      hasAllMembers: true,
      names: { ...record.names, ...writersIn(record.names, list) },
    }));
    this.#hold(roomId, Promise.resolve(list));
    await this.#store.write([], [{ table: 'members', key: roomId, value: list }]);
    return list;
  }

  #stored(roomId: string): Promise<MemberList | null> {
    if (this.#last?.roomId === roomId) return this.#last.list;
    const list = this.#read(roomId);
    this.#hold(roomId, list);
    return list;
  }

  #hold(roomId: string, list: Promise<MemberList | null>): void {
    const held = { roomId, list };
    this.#last = held;
    // What could not be read is not held.
    list.catch(() => {
      if (this.#last === held) this.#last = null;
    });
  }

  async #read(roomId: string): Promise<MemberList | null> {
    return memberListSchema.safeParse(await this.#store.surroundings.storage.table('members').get(roomId)).data ?? null;
  }

  async #announce(roomId: string, list: MemberList): Promise<void> {
    this.#store.surroundings.onMembers(roomId, await this.#people(roomId, list));
  }

  async #people(roomId: string, list: MemberList): Promise<readonly Member[]> {
    const strangers = new Set(this.#store.rosterStateOf(roomId).strangerIds);
    const people = Object.entries(list).filter(([userId]) => !isServiceAccount(userId) || strangers.has(userId));
    const trust = await trustIn(
      this.#store.encryption,
      people.map(([userId]) => userId),
    );
    return people.map(([userId, { name, membership }]) => ({
      userId,
      name,
      membership,
      trust: trust.get(userId) ?? 'unknown',
      isStranger: strangers.has(userId),
    }));
  }
}

async function trustIn(
  encryption: ReadingEncryption | null,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, Member['trust']>> {
  return encryption ? encryption.trustOf(userIds) : new Map();
}

/** Invited people get keys only where they may read what was written before they join. */
function receivers(list: MemberList, historyVisibility: string): EncryptionRoom['members'] {
  const invitedRead = historyVisibility !== 'joined';
  return Object.entries(list)
    .filter(([, { membership }]) => membership === 'join' || invitedRead)
    .map(([userId, { membership }]) => ({ userId, membership }));
}

/** Names of those whom the room's record knows by name. */
function writersIn(names: Readonly<Record<string, string>>, list: MemberList): Record<string, string> {
  return Object.fromEntries(Object.keys(names).flatMap((id) => (list[id] ? [[id, list[id].name]] : [])));
}
