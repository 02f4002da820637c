/**
 * Starts direct chats and groups: intent → room with everything that protects it → creator joined → answer. The other
 * joins and the invitations of people on other servers go on after the answer; what fails there, the reconciler
 * repairs, because the conversation is desired state from its first moment.
 */
import type { Conversation as StartedConversation, NewConversation } from '#contract/api.ts';
import { serverNameOf, type RoomId, type UserId } from '#contract/ids.ts';
import {
  type PersonJoiner,
  type RoomCreation,
  type RoomCreator,
  type RoomInviter,
} from '#appservice/matrix/ports.ts';
import type { PeopleDirectory } from '#appservice/people/people-directory.ts';
import { createPeopleBringer, type BringingDependencies, type Joins } from './bring-people.ts';
import { refusalOfPeople } from './check-people.ts';
import { computeConversation, type Conversation } from './conversation-intent.ts';
import type { ConversationRecords, RecordedIntent } from './conversation-records.ts';
import type { ConversationRefusal } from './conversation-refusal.ts';

export interface ConversationDependencies extends BringingDependencies {
  /** Servers of the own trust domain as declared now. */
  readonly domainServers: () => ReadonlySet<string>;
  readonly people: () => PeopleDirectory;
  readonly records: ConversationRecords;
  /** The room of a conversation with its class, encryption, ACL and origin in it (reconciler). */
  readonly computeCreation: (conversation: Conversation) => RoomCreation;
  /** The room that a crash left unrecorded, if there is one. */
  readonly findUnrecordedRoom: (address: string) => Promise<RoomId | null>;
  readonly homeserver: RoomCreator & RoomInviter & PersonJoiner;
}

export type StartOutcome =
  | { readonly isStarted: true; readonly conversation: StartedConversation }
  | { readonly isStarted: false; readonly refusal: ConversationRefusal };

export interface ConversationStarter {
  /**
   * Starts what `wanted` says, or finds the direct chat that stands already.
   * Throws HomeserverError if the room cannot be made now; asking again continues.
   */
  start(creator: UserId, wanted: NewConversation): Promise<StartOutcome>;
  /** Whether this process is making the room of `address` at this moment; the reconciler leaves it alone then. */
  isStarting(address: string): boolean;
  /** Waits for the joins and invitations that go on after answers. */
  settle(): Promise<void>;
}

/** A room whose people are being brought in. */
interface OpenedRoom {
  readonly roomId: RoomId;
  readonly joins: Joins;
}

export function createConversationStarter(dependencies: ConversationDependencies): ConversationStarter {
  const opening = new Map<string, Promise<OpenedRoom>>();
  const bringer = createPeopleBringer(dependencies);

  async function start(creator: UserId, wanted: NewConversation): Promise<StartOutcome> {
    const conversation = computeConversation(creator, wanted);
    const refusal = refusalOf(conversation, dependencies);
    if (refusal !== null) return { isStarted: false, refusal };
    const intent = await dependencies.records.recordIntent(conversation);
    const { address } = intent.conversation;
    const standing = await dependencies.records.roomOf(address);
    if (standing !== null) return { isStarted: true, conversation: { roomId: standing, created: false } };
    const created = !opening.has(address);
    const { roomId, joins } = await openRoomOnce(intent);
    await joins.get(creator);
    return { isStarted: true, conversation: { roomId, created } };
  }

  /** Concurrent requests for one conversation share one room. */
  function openRoomOnce(intent: RecordedIntent): Promise<OpenedRoom> {
    const { address } = intent.conversation;
    const running = opening.get(address);
    if (running !== undefined) return running;
    const opened = openRoom(intent).finally(() => opening.delete(address));
    opening.set(address, opened);
    return opened;
  }

  async function openRoom({ conversation, isNew }: RecordedIntent): Promise<OpenedRoom> {
    const recorded = await dependencies.records.roomOf(conversation.address);
    if (recorded !== null) return { roomId: recorded, joins: new Map() };
    const unrecorded = isNew ? null : await dependencies.findUnrecordedRoom(conversation.address);
    const roomId = unrecorded ?? (await createRoom(conversation));
    await dependencies.records.recordRoom(conversation, roomId);
    return { roomId, joins: bringer.bringPeople(conversation, roomId, unrecorded === null) };
  }

  /**
   * Invites the own server's people while creating. People of other servers are invited afterwards: a server that does
   * not answer would make Synapse's createRoom fail half way, with the room left behind.
   */
  function createRoom(conversation: Conversation): Promise<RoomId> {
    const creation = dependencies.computeCreation(conversation);
    return dependencies.homeserver.createRoom({ ...creation, invite: conversation.members.filter(isOwn) });
  }

  function isOwn(member: UserId): boolean {
    return serverNameOf(member) === dependencies.serverName;
  }

  return {
    start,
    isStarting: (address) => opening.has(address),
    settle: () => bringer.settle(),
  };
}

function refusalOf(
  { class: className, members }: Conversation,
  { people, domainServers }: ConversationDependencies,
): ConversationRefusal | null {
  if (members.length < 2) {
    const detail = className === 'direkt' ? 'A direct chat needs two people.' : 'A group needs somebody beside you.';
    return { code: 'conversation.refused-by-policy', detail, people: [] };
  }
  return refusalOfPeople(members, people(), domainServers());
}
