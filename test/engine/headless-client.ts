/**
 * A person's client without a page: the real engine in Node, keeping everything in memory, and what a page would show.
 */
import { clientConfigSchema } from '#contract/client-config.ts';
import type { StackDomain, StackPerson } from '#stack/stack-file.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { passphraseOf } from '#test/harness/passphrase.ts';
import { createEngine } from '../../client/src/engine/engine.ts';
import type {
  EncryptionStatus,
  Engine,
  OutgoingMessage,
  Result,
  RoomSnapshot,
  RosterState,
  TimelineItem,
  Update,
} from '../../client/src/engine/protocol.ts';

export class HeadlessClient {
  readonly engine: Engine;
  readonly updates: Update[] = [];
  readonly #rooms = new Map<string, RoomSnapshot>();
  readonly #items = new Map<string, TimelineItem>();
  #order: readonly string[] = [];
  #roster: RosterState = { problem: null, strangerIds: [] };

  private constructor(engine: Engine) {
    this.engine = engine;
    engine.subscribe((update) => this.#show(update));
  }

  /** Signs the person in on a new device. @param homeserverUrl another way to the homeserver, for example a proxy. */
  static async signIn(
    domain: Pick<StackDomain, 'appserviceUrl' | 'clientApiUrl' | 'rosterKeys' | 'serverName'>,
    { userId, password }: Pick<StackPerson, 'password' | 'userId'>,
    homeserverUrl: string = domain.clientApiUrl,
  ): Promise<HeadlessClient> {
    const config = clientConfigSchema.parse({
      serverName: domain.serverName,
      homeserverUrl,
      appserviceUrl: domain.appserviceUrl,
      domainName: domain.serverName,
      theme: 'land',
      rosterKeys: domain.rosterKeys,
    });
    const client = new HeadlessClient(createEngine(async () => config, false).newSeat());
    client.engine.setWatched(true);
    accepted(await client.engine.signIn({ name: userId, password, isSharedComputer: true, lostDeviceId: null }));
    return client;
  }

  /** The one step after signing in on a new device: the first one of a person secures, each later one recovers. */
  async secure({ userId, password }: Pick<StackPerson, 'password' | 'userId'>): Promise<void> {
    const state = await waitUntil('the state of encryption', () => this.#encryptionState());
    const passphrase = passphraseOf(userId);
    if (state === 'missing') accepted(await this.engine.setUpEncryption(password, passphrase));
    else if (state === 'locked') accepted(await this.engine.recover(passphrase));
  }

  #encryptionState(): EncryptionStatus['state'] | undefined {
    const last = this.updates.findLast((update) => update.type === 'encryption');
    return last?.status.state === 'unknown' ? undefined : last?.status.state;
  }

  /** What the open room shows, oldest first. */
  get timeline(): readonly TimelineItem[] {
    return this.#order.flatMap((id) => this.#items.get(id) ?? []);
  }

  /** What the open room says of its roster. */
  get roster(): RosterState {
    return this.#roster;
  }

  get rooms(): readonly RoomSnapshot[] {
    return [...this.#rooms.values()];
  }

  /** Waits for the room, joined. */
  roomNamed(name: string): Promise<RoomSnapshot> {
    return waitUntil(`the room ${name}`, () =>
      this.rooms.find((room) => room.name === name && room.membership === 'join'),
    );
  }

  async open(roomId: string): Promise<void> {
    accepted(await this.engine.openRoom(roomId, null));
  }

  /** Sends and gives the id of the item on the screen. */
  send(roomId: string, text: string, more: Partial<OutgoingMessage> = {}): string {
    const itemId = crypto.randomUUID();
    void this.engine.sendMessage(roomId, itemId, { text, mentionIds: [], answers: null, ...more });
    return itemId;
  }

  /** Waits until the open room shows an item like this. */
  shows(what: string, isIt: (item: TimelineItem) => boolean): Promise<TimelineItem> {
    return waitUntil(what, () => this.timeline.find(isIt), 60_000);
  }

  showsText(text: string): Promise<TimelineItem> {
    return this.shows(`the message “${text}”`, ({ body }) => body.kind === 'text' && body.text === text);
  }

  async signOut(): Promise<void> {
    await this.engine.signOut();
  }

  #show(update: Update): void {
    this.updates.push(update);
    if (update.type === 'rooms') {
      for (const room of update.changed) this.#rooms.set(room.roomId, room);
      for (const roomId of update.removedIds) this.#rooms.delete(roomId);
    }
    if (update.type === 'timeline') {
      for (const item of update.update.changed) this.#items.set(item.id, item);
      this.#order = update.update.order;
      this.#roster = update.update.roster;
    }
  }
}

/** Throws where the engine could not carry out a command. */
export function accepted<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.failure)}`);
  return result.value;
}
