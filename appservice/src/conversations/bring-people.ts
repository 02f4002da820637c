import pLimit from 'p-limit';
import { serverNameOf, type RoomId, type ServerName, type UserId } from '#contract/ids.ts';
import type { PersonJoiner, RoomInviter } from '#appservice/matrix/ports.ts';
import type { AbsentPerson } from './absent-people.ts';

export interface BringingDependencies {
  readonly serverName: ServerName;
  readonly homeserver: RoomInviter & PersonJoiner;
  /** A join or an invitation failed; the reconciler repairs it. */
  readonly reportFailure: (failure: { roomId: RoomId; userId: UserId; error: unknown }) => void;
}

/** By person: settled when that person is in the room, or, on another server, invited. */
export type Arrivals = ReadonlyMap<UserId, Promise<void>>;

export interface PeopleBringer {
  /**
   * Begins to bring people into a room, in their order: invites who has no invitation and joins those of the own
   * server. People of other servers are joined by their own appservice.
   */
  bringPeople(roomId: RoomId, people: readonly AbsentPerson[]): Arrivals;
  /** Waits for everything that is under way. */
  settle(): Promise<void>;
}

/** At a time for one room: enough for speed, few enough not to starve other requests. */
const peopleAtOnce = 8;

export function createPeopleBringer({ serverName, homeserver, reportFailure }: BringingDependencies): PeopleBringer {
  const underWay = new Set<Promise<void>>();

  function bringPeople(roomId: RoomId, people: readonly AbsentPerson[]): Arrivals {
    const limit = pLimit(peopleAtOnce);
    const arrivals = people.map(({ userId, isInvited }): [UserId, Promise<void>] => {
      const arrival = limit(() => bring(roomId, userId, isInvited));
      watch(arrival.catch((error: unknown) => reportFailure({ roomId, userId, error })));
      return [userId, arrival];
    });
    return new Map(arrivals);
  }

  async function bring(roomId: RoomId, userId: UserId, isInvited: boolean): Promise<void> {
    if (!isInvited) await homeserver.invite(roomId, userId);
    if (serverNameOf(userId) === serverName) await homeserver.joinAs(userId, roomId, []);
  }

  function watch(work: Promise<void>): void {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  }

  return {
    bringPeople,
    async settle() {
      await Promise.all(underWay);
    },
  };
}
