import type { ClientConfig } from '#contract/client-config.ts';
import type { Engine, RoomSnapshot, Update } from '../engine/protocol.ts';
import type { KeyValues, Platform } from '../platform/platform.ts';
import { Connection } from './connection.svelte.ts';
import { Drafts } from './drafts.svelte.ts';
import { Navigation } from './navigation.svelte.ts';
import { NewConversation } from './new-conversation.svelte.ts';
import { People } from './people.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';
import { Rooms } from './rooms.svelte.ts';
import { Session } from './session.svelte.ts';
import { Timeline } from './timeline.svelte.ts';

const signedInKey = 'signed-in';

/** Whether this device had a session when it was last used: decides what is shown until the engine knows. */
export function wasSignedIn(preferences: KeyValues): boolean {
  return preferences.get(signedInKey) !== null;
}

/** Everything the screens show, fed by one engine. */
export class App {
  readonly config: ClientConfig;
  readonly preferences: Preferences;
  readonly session: Session;
  readonly connection: Connection;
  readonly people: People;
  readonly rooms: Rooms;
  readonly timeline: Timeline;
  readonly drafts: Drafts;
  readonly navigation: Navigation;
  readonly #engine: Engine;
  readonly #platform: Platform;

  constructor(config: ClientConfig, engine: Engine, platform: Platform, preferences: Preferences) {
    this.config = config;
    this.preferences = preferences;
    this.#engine = engine;
    this.#platform = platform;
    this.session = new Session(engine);
    this.connection = new Connection(platform.clock);
    this.people = new People(engine, platform.clock);
    this.rooms = new Rooms(this.people);
    this.timeline = new Timeline(engine, this.people);
    this.drafts = new Drafts(platform.session);
    this.navigation = new Navigation(platform.address);
    engine.subscribe((update) => this.#apply(update));
  }

  /** The room in the address; null if none is open or it is not known (yet). */
  get room(): RoomSnapshot | null {
    return this.navigation.roomId === null ? null : this.rooms.find(this.navigation.roomId);
  }

  now(): number {
    return this.#platform.clock.now();
  }

  newConversation(): NewConversation {
    return new NewConversation(this.#engine, this.people, this.#platform.clock);
  }

  /** Opens a room from the list and ends the search that led to it. */
  openFromList(roomId: string): void {
    this.navigation.openRoom(roomId);
    this.rooms.query = '';
  }

  send(roomId: string, text: string): void {
    const trimmed = text.trim();
    if (trimmed === '') return;
    this.#engine.sendText(roomId, trimmed);
    this.drafts.set(roomId, '');
    this.#engine.markRead(roomId);
  }

  prepareToSend(roomId: string): void {
    this.#engine.prepareToSend(roomId);
  }

  retrySending(itemId: string): void {
    if (this.timeline.roomId !== null) this.#engine.retrySending(this.timeline.roomId, itemId);
  }

  discardUnsent(itemId: string): void {
    if (this.timeline.roomId !== null) this.#engine.discardUnsent(this.timeline.roomId, itemId);
  }

  markRead(roomId: string): void {
    this.#engine.markRead(roomId);
  }

  async signOut(): Promise<void> {
    await this.session.signOut();
    this.#forget();
  }

  /** Another tab takes over: nothing stored changes. */
  stop(): void {
    this.#engine.stop();
  }

  #apply(update: Update): void {
    switch (update.type) {
      case 'connection':
        return this.connection.apply(update.state);
      case 'set-up':
        this.session.finishStep(update.done);
        if (update.done === 'rooms') this.#platform.preferences.set(signedInKey, 'yes');
        return update.done === 'encryption' ? void this.people.load() : undefined;
      case 'rooms':
        return this.rooms.change(update.changed, update.removedIds);
      case 'timeline':
        return this.timeline.apply(update.update);
      case 'members':
        return this.timeline.applyMembers(update.roomId, update.members);
      case 'session-ended':
        this.session.end();
        return this.#forget();
    }
  }

  #forget(): void {
    this.#platform.preferences.remove(signedInKey);
    this.timeline.close();
    this.rooms.clear();
    this.drafts.clear();
    this.people.clear();
    this.navigation.reset();
  }
}
