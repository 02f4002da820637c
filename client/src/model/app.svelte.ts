import type { ClientConfig } from '#contract/client-config.ts';
import type { Credentials, Engine, Identity, RoomSnapshot, Update } from '../engine/protocol.ts';
import type { Clock, KeyValues, Platform } from '../platform/platform.ts';
import { Alerts } from './alerts.svelte.ts';
import { Composer } from './composer.svelte.ts';
import { Connection } from './connection.svelte.ts';
import { Conversation } from './conversation.svelte.ts';
import { Drafts } from './drafts.svelte.ts';
import { Encryption } from './encryption.svelte.ts';
import { HandOver } from './hand-over.ts';
import { Idle } from './idle.svelte.ts';
import { Navigation } from './navigation.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { People } from './people.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';
import { reachOf, type Reach } from './reach.ts';
import { RoomChoices } from './room-choices.svelte.ts';
import { Rooms } from './rooms.svelte.ts';
import { Session } from './session.svelte.ts';
import { timeShown } from './time-shown.ts';
import { Timeline } from './timeline.svelte.ts';

/** What starting a conversation takes; its part of the model is loaded with the dialogs that need it. */
export interface Directory {
  readonly engine: Pick<Engine, 'searchPeople' | 'startConversation'>;
  readonly people: People;
  readonly clock: Clock;
}

/** What there is to show of the room on the screen. */
type RoomStage = 'none' | 'opening' | 'invitation' | 'joined' | 'left';

/** Holds the id of the device that this browser is. */
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
  readonly roomChoices: RoomChoices;
  readonly timeline: Timeline;
  readonly drafts: Drafts;
  readonly conversation: Conversation;
  readonly composer: Composer;
  readonly alerts: Alerts;
  readonly encryption: Encryption;
  readonly idle: Idle;
  readonly navigation: Navigation;
  readonly notices: Notices;
  readonly directory: Directory;
  /** The time; whatever shows it is shown anew every minute. */
  readonly now: () => number;
  readonly #platform: Platform;
  readonly #handOver: HandOver;
  /** The room that the person has begun last. */
  #begunId: string | null = null;
  #takeUpdate = $state.raw<(() => void) | null>(null);
  readonly #reach = $derived.by(() => this.#judgeReach());
  #isStorageFull = $state(false);

  constructor(config: ClientConfig, engine: Engine, platform: Platform, preferences: Preferences) {
    this.config = config;
    this.preferences = preferences;
    this.#platform = platform;
    const { clock } = platform;
    this.now = timeShown(clock);
    this.session = new Session(engine);
    this.connection = new Connection(clock);
    this.people = new People(engine, clock);
    this.rooms = new Rooms(this.people, clock);
    this.roomChoices = new RoomChoices(engine);
    this.timeline = new Timeline(engine, this.people, clock);
    this.drafts = new Drafts((roomId, text) => engine.keepDraft(roomId, text));
    this.#handOver = new HandOver(engine, platform.session, () => this.session.isSharedComputer);
    this.conversation = new Conversation({
      engine,
      clock,
      timeline: this.timeline,
      handOver: this.#handOver,
      author: () => this.#author(),
    });
    this.composer = new Composer(this.conversation, this.drafts, this.timeline);
    this.alerts = new Alerts(engine);
    this.encryption = new Encryption(engine);
    this.idle = new Idle(clock, platform.presence, () => void this.signOut());
    this.navigation = new Navigation(platform.address, () => this.session.isSharedComputer);
    this.notices = new Notices({
      system: platform.notices,
      preferences,
      isSharedComputer: () => this.session.isSharedComputer,
      nameOf: (userId) => this.people.find(userId)?.name ?? null,
      find: (roomId) => this.rooms.find(roomId),
      titleOf: (room) => this.rooms.titleOf(room),
      open: (roomId, eventId) => this.navigation.openMessage(roomId, eventId),
    });
    this.directory = { engine, people: this.people, clock };
    engine.subscribe((update) => this.#apply(update));
  }

  /** The room on the screen: for a moment the one that is left, then the one in the address. Null if it is not known (yet). */
  get room(): RoomSnapshot | null {
    const roomId = this.timeline.leaving ?? this.navigation.roomId;
    return roomId === null ? null : this.rooms.find(roomId);
  }

  get stage(): RoomStage {
    const { room } = this;
    if (room?.membership === 'join') return 'joined';
    if (room && room.roomId !== this.#begunId) return 'invitation';
    const { roomId } = this.navigation;
    if (roomId === null) return 'none';
    return this.rooms.findLeft(roomId) ? 'left' : 'opening';
  }

  /** Who reads along in the room on the screen; null if nothing can be said of that yet. */
  get reach(): Reach | null {
    return this.#reach;
  }

  /** Nothing more fits on this device: what comes and goes waits until there is room. */
  get isStorageFull(): boolean {
    return this.#isStorageFull;
  }

  /** Takes the newer build in all tabs; null if there is none. What was typed is kept. */
  get takeUpdate(): (() => void) | null {
    return this.#takeUpdate;
  }

  offerUpdate(take: () => void): void {
    this.#takeUpdate = take;
  }

  /** Paints the last state that was stored, before the engine is up. */
  showStored(identity: Identity, updates: readonly Update[]): void {
    this.session.showStored(identity);
    for (const update of updates) {
      if (update.type === 'timeline') this.timeline.showStored(update.update);
      else this.#apply(update);
    }
  }

  /** Opens a room from the list and ends the search that led to it. */
  openFromList(roomId: string): void {
    // Before the page shows that it is chosen: the engine works meanwhile.
    if (this.rooms.find(roomId)?.membership === 'join') void this.timeline.open(roomId);
    this.navigation.openRoom(roomId);
    this.rooms.query = '';
  }

  /** Opens a room that the person has just begun: they are joined in a moment and have no invitation to answer. */
  openBegun(roomId: string): void {
    this.#begunId = roomId;
    this.navigation.openRoom(roomId);
    this.rooms.query = '';
  }

  /** Takes up the session of this device, and with it what was not handed over to an engine that has ended. */
  async restore(): Promise<void> {
    await this.session.restore(this.#platform.preferences.get(signedInKey));
    if (this.session.identity !== null) this.#handOver.giveAgain();
  }

  async signIn(credentials: Omit<Credentials, 'lostDeviceId'>): Promise<void> {
    this.encryption.rememberPassword(credentials.password);
    await this.session.signIn(credentials);
    this.navigation.hide();
  }

  async signOut(): Promise<void> {
    await this.session.signOut();
    this.#forget();
    this.#platform.restart();
  }

  #apply(update: Update): void {
    switch (update.type) {
      case 'connection':
        return this.connection.apply(update.state);
      case 'set-up':
        return this.#finishStep(update.done);
      case 'rooms':
        this.rooms.change(update.changed, update.removedIds);
        return this.notices.follow(update.changed, update.removedIds);
      case 'timeline':
        return this.timeline.apply(update.update);
      case 'members':
        return this.timeline.applyMembers(update.roomId, update.members);
      case 'encryption':
        return this.encryption.apply(update.status);
      case 'verification':
        return this.encryption.applyVerification(update.verification);
      case 'notification':
        return this.notices.receive(update.roomId, update.item);
      case 'drafts':
        return this.drafts.showStored(update.drafts);
      case 'alert-answers':
        return this.alerts.apply(update.answers);
      case 'storage':
        this.#isStorageFull = update.isFull;
        return;
      case 'nothing-kept':
        return this.session.keepNothing();
      case 'restarted':
        return this.#askAgain();
      case 'session-ended':
        this.session.end();
        return this.#forget();
    }
  }

  #judgeReach(): Reach | null {
    const { config, people, room, timeline } = this;
    const members = timeline.roomId === room?.roomId ? timeline.members : [];
    // A joint room is marked as one also while nobody says who the others are.
    const alone = room?.origin?.class === 'verbund' ? { servers: [{ name: config.serverName }], partners: [] } : null;
    const known = people.domain ?? alone;
    const memberIds = members.map(({ userId }) => userId);
    return room && known && reachOf(room.servers ?? [], memberIds, known);
  }

  #finishStep(step: 'encryption' | 'rooms'): void {
    this.session.finishStep(step);
    const { identity, isSharedComputer } = this.session;
    if (step === 'rooms') this.rooms.finishLoading();
    if (step === 'rooms' && identity && !isSharedComputer) {
      this.#platform.preferences.set(signedInKey, identity.deviceId);
    }
    if (step === 'encryption' || this.people.domain === null) void this.people.load();
  }

  /** Another tab's engine has ended and a new one knows nothing of this page. */
  #askAgain(): void {
    if (this.session.phase !== 'ready') return;
    void this.restore();
    this.timeline.openAgain();
  }

  #author(): { userId: string; name: string } {
    const userId = this.session.identity?.userId ?? '';
    return { userId, name: this.people.me?.name ?? userId };
  }

  #forget(): void {
    this.#platform.preferences.remove(signedInKey);
    // The browser has thrown them away with everything else.
    this.preferences.store();
    this.#isStorageFull = false;
    this.idle.stop();
    this.notices.clear();
    this.timeline.close();
    this.rooms.clear();
    this.drafts.clear();
    this.#handOver.clear();
    this.alerts.clear();
    this.conversation.clear();
    this.people.clear();
    this.encryption.clear();
    this.navigation.reset();
  }
}
