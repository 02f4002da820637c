/** Who is in a room without belonging to it, for the rooms that are on a screen. */
import type { RosterState } from '../protocol.ts';
import { graceMs, unknownMembers } from '../roster/judge-roster.ts';
import type { RoomChange } from '../sync/rooms-answer.ts';
import type { MemberLists } from './member-lists.ts';
import type { RoomStore } from './room-store.ts';
import { mayBringRoster, type Rosters } from './rosters.ts';

export class Strangers {
  readonly #store: RoomStore;
  readonly #members: MemberLists;
  readonly #rosters: Rosters;
  /** Since when somebody unknown is in a room, in milliseconds since 1970. By room id and user id. */
  readonly #seen = new Map<string, ReadonlyMap<string, number>>();
  readonly #waiting = new Set<string>();

  constructor(store: RoomStore, members: MemberLists, rosters: Rosters) {
    this.#store = store;
    this.#members = members;
    this.#rosters = rosters;
  }

  /** Judges those rooms anew in which something came in, and for which somebody waits. */
  async follow(changes: ReadonlyMap<string, RoomChange>): Promise<void> {
    const touched = [...changes].filter(([roomId, change]) => this.#isAwaited(roomId) && mayBringStrangers(change));
    await Promise.all(touched.map(([roomId]) => this.refresh(roomId)));
  }

  /** Judges the room anew and tells whoever shows it. @throws what asking the homeserver throws. */
  async refresh(roomId: string): Promise<void> {
    const { rosterStates, surroundings, timelines } = this.#store;
    if (this.#store.snapshot(roomId)?.isEncrypted !== true) return;
    const state = await this.#judge(roomId);
    if (state.problem === null) surroundings.onRoster(roomId);
    const isNew = JSON.stringify(state) !== JSON.stringify(this.#store.rosterStateOf(roomId));
    rosterStates.set(roomId, state);
    if (!isNew) return;
    timelines.loaded(roomId)?.notify();
    surroundings.onMembers(roomId, await this.#members.members(roomId));
  }

  async #judge(roomId: string): Promise<RosterState> {
    const [{ roster, problem }, memberIds] = await Promise.all([
      this.#rosters.of(roomId),
      this.#members.memberIds(roomId),
    ]);
    const unknownIds = roster === null ? [] : unknownMembers(roster, memberIds);
    return { problem, strangerIds: this.#afterGrace(roomId, unknownIds) };
  }

  /** News of a person, and the roster with them, may come one after the other: nobody is a stranger at once. */
  #afterGrace(roomId: string, unknownIds: readonly string[]): readonly string[] {
    const now = Date.now();
    const before = this.#seen.get(roomId);
    const seen = new Map(unknownIds.map((userId) => [userId, before?.get(userId) ?? now]));
    this.#seen.set(roomId, seen);
    const left = [...seen.values()].map((since) => since + graceMs - now).filter((milliseconds) => milliseconds > 0);
    if (left.length > 0) this.#lookAgain(roomId, Math.min(...left));
    return unknownIds.filter((userId) => now - (seen.get(userId) ?? now) >= graceMs);
  }

  #lookAgain(roomId: string, afterMs: number): void {
    if (this.#waiting.has(roomId)) return;
    this.#waiting.add(roomId);
    setTimeout(() => {
      this.#waiting.delete(roomId);
      if (this.#isAwaited(roomId)) void this.refresh(roomId).catch(() => undefined);
    }, afterMs);
  }

  /** On a screen, or with messages that wait. */
  #isAwaited(roomId: string): boolean {
    const { surroundings, timelines } = this.#store;
    return timelines.loaded(roomId)?.isWatched === true || surroundings.pending.of(roomId).length > 0;
  }
}

function mayBringStrangers(change: RoomChange): boolean {
  const isMember = ({ type }: RoomChange['timeline'][number]): boolean => type === 'm.room.member';
  return mayBringRoster(change) || change.timeline.some(isMember);
}
