/**
 * Who belongs to which room, as the appservices have signed it. Asked for when a room is opened or written to; from then
 * on the sync says when there is a new one. Verified once a version, never while somebody sends.
 */
import { z } from 'zod';
import { rosterEventType, type Roster } from '#contract/roster.ts';
import { userIdSchema } from '#contract/ids.ts';
import { HomeserverError, type HomeserverApi } from '../matrix/homeserver-api.ts';
import type { RosterProblem } from '../protocol.ts';
import { newerRoster, problemOf } from '../roster/judge-roster.ts';
import { openRoster } from '../roster/open-roster.ts';
import { keysFor } from '../roster/pinned-keys.ts';
import type { StorageChange } from '../storage/storage.ts';
import type { RoomChange } from '../sync/rooms-answer.ts';
import { roomPath } from '../timeline/history-requests.ts';
import { stateOf } from './room-record.ts';
import type { RoomStore } from './room-store.ts';

const heldSchema = z.object({
  roster: z.object({ issuedAt: z.number(), members: z.array(userIdSchema) }).nullable(),
  /** False: there may be a newer one. */
  isCurrent: z.boolean(),
});
type Held = z.infer<typeof heldSchema>;

const nothing: Held = { roster: null, isCurrent: false };

export interface RosterFinding {
  readonly roster: Roster | null;
  readonly problem: RosterProblem | null;
}

export class Rosters {
  readonly #store: RoomStore;
  readonly #held = new Map<string, Promise<Held>>();
  readonly #loading = new Map<string, Promise<Held>>();

  constructor(store: RoomStore) {
    this.#store = store;
  }

  /** @throws UnreachableError, HomeserverError if none is held that would do. */
  async of(roomId: string): Promise<RosterFinding> {
    const held = await this.#read(roomId);
    const problem = problemOf(held.roster, Date.now());
    if (held.isCurrent && problem === null) return { roster: held.roster, problem };
    try {
      const { roster } = await this.#refresh(roomId, held);
      return { roster, problem: problemOf(roster, Date.now()) };
    } catch (error) {
      // Without the homeserver what is known goes on to hold.
      if (problem === null) return { roster: held.roster, problem };
      throw error;
    }
  }

  /** Notes where there may be a newer one. @returns what has to be stored. */
  async follow(changes: ReadonlyMap<string, RoomChange>): Promise<readonly StorageChange[]> {
    const touched = [...changes].filter(([, change]) => mayBringRoster(change)).map(([roomId]) => roomId);
    return (await Promise.all(touched.map((roomId) => this.#doubt(roomId)))).flat();
  }

  forget(roomId: string): void {
    this.#held.delete(roomId);
    this.#loading.delete(roomId);
  }

  async #doubt(roomId: string): Promise<readonly StorageChange[]> {
    const held = await this.#read(roomId);
    // What is being loaded may already be older than this change.
    this.#loading.delete(roomId);
    if (!held.isCurrent) return [];
    const doubtful = { ...held, isCurrent: false };
    this.#held.set(roomId, Promise.resolve(doubtful));
    return [{ table: 'rosters', key: roomId, value: doubtful }];
  }

  #read(roomId: string): Promise<Held> {
    const known = this.#held.get(roomId);
    if (known) return known;
    const stored = this.#store.surroundings.storage.table('rosters').get(roomId);
    const held = stored.then((value) => heldSchema.safeParse(value).data ?? nothing);
    this.#held.set(roomId, held);
    return held;
  }

  #refresh(roomId: string, held: Held): Promise<Held> {
    const running = this.#loading.get(roomId);
    if (running) return running;
    const isLatest = (): boolean => this.#loading.get(roomId) === loading;
    const loading: Promise<Held> = this.#load(roomId, held, isLatest).finally(() => {
      if (isLatest()) this.#loading.delete(roomId);
    });
    this.#loading.set(roomId, loading);
    return loading;
  }

  /** @param isLatest false if there may be a newer one than what was asked for. */
  async #load(roomId: string, held: Held, isLatest: () => boolean): Promise<Held> {
    const { api, pinnedKeys } = this.#store.surroundings;
    const record = this.#store.records.get(roomId);
    const keys = keysFor(record && (stateOf(record, 'm.room.create')?.senderId ?? null), pinnedKeys);
    const found = await openRoster((number) => fetchPart(api, roomId, number), { roomId, keys });
    const loaded = { roster: copyOf(newerRoster(held.roster, found, Date.now())), isCurrent: isLatest() };
    if (!this.#store.records.get(roomId)) return loaded;
    this.#held.set(roomId, Promise.resolve(loaded));
    await this.#store.write([], [{ table: 'rosters', key: roomId, value: loaded }]);
    return loaded;
  }
}

function copyOf(roster: Roster | null): Held['roster'] {
  return roster && { issuedAt: roster.issuedAt, members: [...roster.members] };
}

/** What a limited answer leaves out may have been one. */
export function mayBringRoster({ timeline, requiredState, isLimited, isInitial }: RoomChange): boolean {
  return isLimited || isInitial || [...timeline, ...requiredState].some(({ type }) => type === rosterEventType);
}

async function fetchPart(api: HomeserverApi, roomId: string, number: number): Promise<unknown> {
  try {
    return await api.request('GET', `${roomPath(roomId)}/state/${rosterEventType}/${number}`);
  } catch (error) {
    if (error instanceof HomeserverError && error.status === 404) return null;
    throw error;
  }
}
