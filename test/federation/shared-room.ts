/** Where a listed server may knock: the room that ministry and schools share, with the people of both sides that tests speak as. */
import { beforeAll } from 'vitest';
import type { StackFile } from '#stack/stack-file.ts';
import { knowRoom, type KnownRoom } from '#test/harness/federation/known-room.ts';
import type { ProvisionedRoom } from '#test/harness/matrix/rooms.ts';
import type { MatrixSession } from '#test/harness/matrix/session.ts';
import { useResidents } from './residents.ts';
import { memberOf, roomWithSchools } from './rooms.ts';
import { land, readRunningStack, runningHomeserver, schule, type RunningHomeserver } from './running-stack.ts';

export interface SharedRoom {
  readonly stack: StackFile;
  /** Owns the room. */
  readonly ministry: RunningHomeserver;
  readonly schools: RunningHomeserver;
  readonly room: ProvisionedRoom;
  /** Somebody of the ministry who is in it, signed in. */
  readonly resident: MatrixSession;
  /** Somebody of the schools who is in it. */
  readonly teacher: string;
  /** The room as it is at this moment: what an event in it has to refer to. */
  know(): Promise<KnownRoom>;
}

/** Call it at the top of a test file; the answer is for its tests. */
export function useSharedRoom(): () => SharedRoom {
  const residentOf = useResidents();
  let shared: SharedRoom | undefined;
  beforeAll(async () => {
    const stack = await readRunningStack();
    const ministry = await runningHomeserver(stack, land);
    const schools = await runningHomeserver(stack, schule);
    const resident = await residentOf(ministry);
    const room = await roomWithSchools(resident);
    const know = (): Promise<KnownRoom> => knowRoom(resident, room.roomId);
    shared = { stack, ministry, schools, room, resident, teacher: memberOf(room, schule), know };
  });
  return () => {
    if (shared === undefined) throw new Error('the shared room is there from the first test on');
    return shared;
  };
}
