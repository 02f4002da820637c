/**
 * A homeserver that does nothing but write down what it was asked. A preview is a real application of a plan to it, so
 * it cannot differ from what would be done.
 */
import { roomIdSchema, type RoomId, type UserId } from '#contract/ids.ts';
import type { Actor } from './ports.ts';

/** One request: the port's method and what it was given. */
export interface RecordedRequest {
  readonly method: keyof Actor;
  readonly parameters: readonly unknown[];
}

export interface RecordingHomeserver extends Actor {
  /** In the order in which they came. */
  readonly requests: readonly RecordedRequest[];
}

/** `joinsTogether`: it takes people in groups, as a homeserver with the module does. */
export function createRecordingHomeserver({ joinsTogether = false } = {}): RecordingHomeserver {
  const requests: RecordedRequest[] = [];
  let rooms = 0;

  function record(method: keyof Actor): (...parameters: readonly unknown[]) => Promise<void> {
    return (...parameters) => {
      requests.push({ method, parameters });
      return Promise.resolve();
    };
  }

  async function recordJoined(roomId: RoomId, people: readonly UserId[]): Promise<ReadonlySet<UserId>> {
    await record('joinTogether')(roomId, people);
    return new Set(people);
  }

  return {
    requests,
    async createRoom(creation): Promise<RoomId> {
      await record('createRoom')(creation);
      rooms += 1;
      return roomIdSchema.parse(`!preview-${rooms}`);
    },
    readMembership: () => Promise.resolve(null),
    sendState: record('sendState'),
    invite: record('invite'),
    kick: record('kick'),
    ban: record('ban'),
    unban: record('unban'),
    joinAs: record('joinAs'),
    joinTogether: joinsTogether ? recordJoined : null,
    registerAccount: record('registerAccount'),
  };
}
