/**
 * Starts direct chats and groups: intent → room with everything that protects it → creator joined → answer. The other
 * joins and the invitations of people on other servers go on after the answer; what fails there, the reconciler
 * repairs, because the conversation is desired state from its first moment.
 */
import type { Conversation as StartedConversation, NewConversation } from '#contract/api.ts';
import { botOf, serverNameOf, type RoomId, type UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import type {
  JoinedRoomsReader,
  PersonJoiner,
  PersonRoomReader,
  RoomCreator,
  RoomInviter,
  RoomStateReader,
  RoomStateSender,
} from '#appservice/matrix/ports.ts';
import type { PeopleDirectory } from '#appservice/people/people-directory.ts';
import { computeConversationRoom } from '#appservice/reconciler/conversation-room.ts';
import { computeRoomCreation } from '#appservice/reconciler/room-creation.ts';
import { publishRoster } from '#appservice/roster/publish-roster.ts';
import type { RosterSeal } from '#appservice/roster/roster-seal.ts';
import { absentPeople, type AbsentPerson } from './absent-people.ts';
import { createPeopleBringer, type Arrivals, type BringingDependencies } from './bring-people.ts';
import { computeConversation, type Conversation } from './conversation-intent.ts';
import type { ConversationRecords, RecordedIntent } from './conversation-records.ts';
import { refusalOf, type ConversationRefusal } from './conversation-refusal.ts';
import { findSisterChat } from './find-sister-chat.ts';
import { findUnrecordedRoom } from './find-unrecorded-room.ts';

export interface ConversationDependencies extends BringingDependencies {
  readonly homeserver: RoomCreator &
    RoomInviter &
    PersonJoiner &
    RoomStateSender &
    JoinedRoomsReader &
    RoomStateReader &
    PersonRoomReader;
  readonly rosters: Pick<RosterSeal, 'seal'>;
  /** Joins a person into what other homeservers of the domain have invited them to. */
  readonly acceptInvitations: (person: UserId) => Promise<void>;
  /** The declaration in force at this moment, with its people. */
  readonly organisation: () => Organisation;
  readonly people: () => PeopleDirectory;
  /** Whose account was closed, as far as is known. */
  readonly closedAccounts: () => ReadonlySet<UserId>;
  readonly records: ConversationRecords;
}

export type StartOutcome =
  | { readonly isStarted: true; readonly conversation: StartedConversation }
  | { readonly isStarted: false; readonly refusal: ConversationRefusal };

export interface ConversationStarter {
  /**
   * Starts what `wanted` says, or finds the direct chat that stands already and brings back who has left it.
   * Throws HomeserverError if the room cannot be made now; asking again continues.
   */
  start(creator: UserId, wanted: NewConversation): Promise<StartOutcome>;
  /** Whether this process is making the room of `address` at this moment; the reconciler leaves it alone then. */
  isStarting(address: string): boolean;
  /** Waits for the joins and invitations that go on after answers. */
  settle(): Promise<void>;
}

interface OpenedRoom {
  readonly roomId: RoomId;
  readonly arrivals: Arrivals;
  readonly created: boolean;
}

export function createConversationStarter(dependencies: ConversationDependencies): ConversationStarter {
  const { homeserver, records, serverName } = dependencies;
  const opening = new Map<string, Promise<OpenedRoom>>();
  const bringer = createPeopleBringer(dependencies);

  async function start(creator: UserId, wanted: NewConversation): Promise<StartOutcome> {
    const conversation = computeConversation(creator, wanted);
    const { organisation, people, closedAccounts } = dependencies;
    const refusal = refusalOf(conversation, organisation(), people(), closedAccounts());
    if (refusal !== null) return { isStarted: false, refusal };
    const standing = await findElsewhere(conversation, creator);
    if (standing !== null) return { isStarted: true, conversation: { roomId: standing, created: false } };
    const intent = await records.recordIntent(conversation);
    const isFirst = !opening.has(intent.conversation.address);
    const { roomId, arrivals, created } = await openRoomOnce(intent, creator);
    await arrivals.get(creator);
    return { isStarted: true, conversation: { roomId, created: created && isFirst } };
  }

  /** The partner's side may have started the chat. An invitation that still waits is accepted before looking. */
  async function findElsewhere({ directKey, members }: Conversation, creator: UserId): Promise<RoomId | null> {
    const partner = members.find((userId) => serverNameOf(userId) !== serverName);
    if (directKey === null || partner === undefined || (await records.knowsDirectChat(directKey))) return null;
    await dependencies.acceptInvitations(creator);
    const { id: domain, servers } = dependencies.organisation().domain;
    const sisterBots = new Set(servers.filter(({ name }) => name !== serverName).map(({ name }) => botOf(name)));
    return findSisterChat({ person: creator, partner, domain, sisterBots }, homeserver);
  }

  /** Concurrent requests for one conversation share one room. */
  function openRoomOnce(intent: RecordedIntent, creator: UserId): Promise<OpenedRoom> {
    const { address } = intent.conversation;
    const running = opening.get(address);
    if (running !== undefined) return running;
    const opened = openRoom(intent, creator).finally(() => opening.delete(address));
    opening.set(address, opened);
    return opened;
  }

  async function openRoom({ conversation, isNew }: RecordedIntent, creator: UserId): Promise<OpenedRoom> {
    const { address, members } = conversation;
    const recorded = await records.roomOf(address);
    const standing =
      recorded ?? (isNew ? null : await findUnrecordedRoom(address, await records.allRooms(), homeserver));
    const roomId = standing ?? (await createRoom(conversation));
    const published = standing === null ? publish(roomId, conversation) : Promise.resolve();
    if (recorded === null) await records.recordRoom(conversation, roomId);
    const absent =
      standing === null ? invitedAtCreation(members) : absentPeople(members, await homeserver.readState(roomId));
    const arrivals = bringer.bringPeople(roomId, creatorFirst(absent, creator));
    await published;
    return { roomId, arrivals, created: standing === null };
  }

  function createRoom(conversation: Conversation): Promise<RoomId> {
    const room = computeConversationRoom(conversation, dependencies.organisation(), serverName);
    return homeserver.createRoom(computeRoomCreation(room, { serverName, parent: null }));
  }

  /** So that the creator can write at once. Where it fails, the reconciler repairs it. */
  async function publish(roomId: RoomId, { members }: Conversation): Promise<void> {
    await publishRoster(roomId, members.toSorted(), dependencies).catch(() => undefined);
  }

  /** createRoom invites the own server's people; the others come after, because their server may not answer. */
  function invitedAtCreation(members: readonly UserId[]): AbsentPerson[] {
    return members.map((userId) => ({ userId, isInvited: serverNameOf(userId) === serverName }));
  }

  return { start, isStarting: (address) => opening.has(address), settle: () => bringer.settle() };
}

function creatorFirst(people: readonly AbsentPerson[], creator: UserId): AbsentPerson[] {
  return people.toSorted((one, other) => Number(other.userId === creator) - Number(one.userId === creator));
}
