import type { MemberLists } from './member-lists.ts';
import type { RoomStore } from './room-store.ts';

/** Whose identity has changed and waits for the person's decision, for the rooms that have to say so. */
export class Identities {
  readonly #store: RoomStore;
  readonly #members: MemberLists;
  readonly #byRoom = new Map<string, readonly string[]>();

  constructor(store: RoomStore, members: MemberLists) {
    this.#store = store;
    this.#members = members;
  }

  of(roomId: string): readonly string[] {
    return this.#byRoom.get(roomId) ?? [];
  }

  /** All that direct chats depend on. */
  async refreshAll(): Promise<void> {
    await this.refresh([...this.#counterparts().keys()]);
  }

  async refresh(userIds: readonly string[]): Promise<void> {
    const { encryption, changedIdentities } = this.#store;
    if (!encryption || userIds.length === 0) return;
    const changed = new Set(await encryption.identityChanges(userIds));
    const counterparts = this.#counterparts();
    const different = userIds.filter((userId) => changed.has(userId) !== changedIdentities.has(userId));
    for (const userId of userIds) {
      if (changed.has(userId)) changedIdentities.add(userId);
      else changedIdentities.delete(userId);
    }
    this.#store.show(different.flatMap((userId) => counterparts.get(userId) ?? []));
    await Promise.all(this.#store.timelines.watched().map(({ roomId }) => this.refreshRoom(roomId)));
  }

  async refreshRoom(roomId: string): Promise<void> {
    const { encryption } = this.#store;
    if (!encryption || this.#store.snapshot(roomId)?.isEncrypted !== true) return;
    const members = await this.#members.members(roomId);
    this.#byRoom.set(roomId, await encryption.identityChanges(members.map(({ userId }) => userId)));
    this.#store.timelines.loaded(roomId)?.notify();
    this.#store.surroundings.onMembers(roomId, members);
  }

  /** Direct chats by the other person. */
  #counterparts(): ReadonlyMap<string, readonly string[]> {
    const rooms = new Map<string, string[]>();
    for (const { roomId } of this.#store.records.all()) {
      const counterpartId = this.#store.snapshot(roomId)?.counterpartId;
      if (counterpartId) rooms.set(counterpartId, [...(rooms.get(counterpartId) ?? []), roomId]);
    }
    return rooms;
  }
}
