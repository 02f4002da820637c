import pLimit from 'p-limit';
import { serverNameOf, type RoomId, type ServerName, type UserId } from '#contract/ids.ts';
import { HomeserverError, type PersonJoiner, type RoomInviter } from '#appservice/matrix/ports.ts';
import type { Conversation } from './conversation-intent.ts';

export interface BringingDependencies {
  readonly serverName: ServerName;
  readonly homeserver: RoomInviter & PersonJoiner;
  /** A join or an invitation failed; the reconciler repairs it. */
  readonly reportFailure: (failure: { address: string; userId: UserId; error: unknown }) => void;
}

/** By person of the own server: settled when that person has joined. */
export type Joins = ReadonlyMap<UserId, Promise<void>>;

export interface PeopleBringer {
  /**
   * Begins to bring everybody into the room, the creator first: joins the own server's people, invites those of other
   * servers, whose own appservice joins them. `isInvited`: whether the own people's invitations stand for sure.
   */
  bringPeople(conversation: Conversation, roomId: RoomId, isInvited: boolean): Joins;
  /** Waits for everything that is under way. */
  settle(): Promise<void>;
}

/** At a time for one conversation: enough for speed, few enough not to starve other requests. */
const peopleAtOnce = 8;

export function createPeopleBringer({ serverName, homeserver, reportFailure }: BringingDependencies): PeopleBringer {
  const background = new Set<Promise<void>>();

  function bringPeople(conversation: Conversation, roomId: RoomId, isInvited: boolean): Joins {
    const { createdBy, members, address } = conversation;
    const limit = pLimit(peopleAtOnce);
    const joins = new Map<UserId, Promise<void>>();
    for (const member of [createdBy, ...members.filter((other) => other !== createdBy)]) {
      const isOwn = serverNameOf(member) === serverName;
      const brought = limit(() => (isOwn ? join(member, roomId, isInvited) : homeserver.invite(roomId, member)));
      if (isOwn) joins.set(member, brought);
      continueInBackground(brought.catch((error: unknown) => reportFailure({ address, userId: member, error })));
    }
    return joins;
  }

  /** A recovered room may lack invitations. Inviting somebody who has one, or is in already, fails: that is fine. */
  async function join(member: UserId, roomId: RoomId, isInvited: boolean): Promise<void> {
    if (!isInvited) await homeserver.invite(roomId, member).catch(ignoreHomeserverError);
    await homeserver.joinAs(member, roomId, []);
  }

  function continueInBackground(work: Promise<void>): void {
    background.add(work);
    void work.finally(() => background.delete(work));
  }

  return {
    bringPeople,
    async settle() {
      await Promise.all(background);
    },
  };
}

function ignoreHomeserverError(error: unknown): void {
  if (!(error instanceof HomeserverError)) throw error;
}
