import { roomIdSchema, serverNameOf, type RoomId, type UserId } from '#contract/ids.ts';
import { HomeserverError, type RoomCreation, type StateContent, type StateEvent } from '#appservice/matrix/ports.ts';
import type { ConversationDependencies } from './conversation-starter.ts';

export type FakeMembership = 'invite' | 'join' | 'leave';

interface FakeRoom {
  readonly creation: RoomCreation;
  readonly memberships: Map<UserId, FakeMembership>;
  readonly creator: UserId;
  /** State that was written after the creation, in its order. */
  readonly written: StateContent[];
}

export interface FakeHomeserver {
  readonly homeserver: ConversationDependencies['homeserver'];
  readonly rooms: Map<RoomId, FakeRoom>;
  /** Called before each operation: may wait or throw. */
  before: (operation: 'createRoom' | 'invite' | 'joinAs' | 'sendState', userId?: UserId) => Promise<void>;
}

/** A homeserver that keeps rooms in memory and checks, as a real one does, that who joins was invited. */
export function createFakeHomeserver(bot: UserId): FakeHomeserver {
  const rooms = new Map<RoomId, FakeRoom>();
  const roomOf = (roomId: RoomId): FakeRoom => {
    const room = rooms.get(roomId);
    if (room === undefined) throw new HomeserverError(404, 'M_NOT_FOUND', 'unknown room');
    return room;
  };
  const roomsOf = (userId: UserId): RoomId[] =>
    [...rooms].filter(([, { memberships }]) => memberships.get(userId) === 'join').map(([roomId]) => roomId);
  const fake: FakeHomeserver = {
    rooms,
    before: async () => {},
    homeserver: {
      async createRoom(creation) {
        await fake.before('createRoom');
        const roomId = roomIdSchema.parse(`!room-${rooms.size + 1}`);
        const invited = creation.invite.map((userId): [UserId, FakeMembership] => [userId, 'invite']);
        rooms.set(roomId, { creation, memberships: new Map([[bot, 'join'], ...invited]), creator: bot, written: [] });
        return roomId;
      },
      async sendState(roomId, state) {
        await fake.before('sendState');
        roomOf(roomId).written.push(state);
      },
      async invite(roomId, userId) {
        await fake.before('invite', userId);
        const { memberships } = roomOf(roomId);
        if (memberships.get(userId) === 'join') throw new HomeserverError(403, 'M_FORBIDDEN', 'is already in the room');
        memberships.set(userId, 'invite');
      },
      async joinAs(userId, roomId) {
        await fake.before('joinAs', userId);
        const { memberships } = roomOf(roomId);
        if (serverNameOf(userId) !== serverNameOf(bot)) throw new Error('not ours');
        if (!['invite', 'join'].includes(memberships.get(userId) ?? ''))
          throw new HomeserverError(403, 'M_FORBIDDEN', 'not invited');
        memberships.set(userId, 'join');
      },
      joinedRooms: async () => roomsOf(bot),
      readState: async (roomId) => stateOf(roomOf(roomId)),
      joinedRoomsOf: async (userId) => roomsOf(userId),
      readStateAs: async (_userId, roomId) => stateOf(roomOf(roomId)),
      readCreateEventAs: async (_userId, roomId) =>
        stateOf(roomOf(roomId)).find(({ type }) => type === 'm.room.create') ?? null,
    },
  };
  return fake;
}

function stateOf({ creation, memberships, creator }: FakeRoom): StateEvent[] {
  const create = {
    type: 'm.room.create',
    state_key: '',
    sender: creator,
    event_id: '$create',
    content: creation.creation_content,
  };
  const members = [...memberships].map(([userId, membership]) => ({
    type: 'm.room.member',
    state_key: userId,
    sender: creator,
    event_id: `$member-${userId}`,
    content: { membership },
  }));
  return [create, ...members];
}
