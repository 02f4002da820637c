/** Plain data for the model's unit tests. */
import type { RoomOrigin } from '#contract/event-content.ts';
import type { Engine, RoomSnapshot, TimelineItem, TimelineUpdate, Update } from '../engine/protocol.ts';
import { plainRichText } from './local-echo.ts';
import type { Clock, KeyValues, Platform, Presence, SystemNotice, SystemNotices } from '../platform/platform.ts';

interface RoomOptions extends Partial<Omit<RoomSnapshot, 'origin'>> {
  readonly roomId: string;
  readonly class: RoomOrigin['class'];
}

export function aRoom({ class: roomClass, ...options }: RoomOptions): RoomSnapshot {
  return {
    membership: 'join',
    inviterId: null,
    isSpace: roomClass === 'space',
    name: options.roomId,
    topic: null,
    origin: { domain: 'land', class: roomClass, address: `room/${options.roomId}`, body: null },
    isEncrypted: true,
    posting: 'allowed',
    isLeavable: true,
    counterpartId: null,
    peopleCount: 2,
    lastActivityAt: 0,
    preview: null,
    unreadCount: 0,
    isUnreadCountLowerBound: false,
    mentionCount: 0,
    isFavourite: false,
    notifications: 'all',
    typingIds: [],
    servers: null,
    historyVisibility: 'joined',
    retentionMs: null,
    childIds: [],
    alerts: [],
    ...options,
  };
}

export function anItem(options: Partial<TimelineItem> & { readonly id: string }): TimelineItem {
  return {
    eventId: `$${options.id}`,
    senderId: '@henrike.bolte:land.hessen.test',
    senderName: 'Henrike Bolte',
    sentAt: Date.parse('2026-11-23T08:00:00'),
    isOwn: false,
    body: { kind: 'text', text: options.id, rich: plainRichText(options.id), tone: 'plain' },
    alert: null,
    quote: null,
    reactions: [],
    isEdited: false,
    mentionsMe: false,
    shield: null,
    sending: { state: 'sent' },
    canEdit: false,
    canDelete: false,
    ...options,
  };
}

export function aTimeline(options: Partial<TimelineUpdate>): TimelineUpdate {
  return {
    roomId: '!a',
    changed: [],
    order: [],
    hasOlder: false,
    hasNewer: false,
    firstUnreadId: null,
    identityChanges: [],
    roster: { problem: null, strangerIds: [] },
    ...options,
  };
}

/** An engine that answers nothing by itself; a test gives the answers it needs and emits updates. */
export function fakeEngine(answers: Partial<Engine> = {}): { engine: Engine; emit: (update: Update) => void } {
  let listener: (update: Update) => void = () => undefined;
  const unanswered = () => new Promise<never>(() => undefined);
  const nothing = (): void => undefined;
  const engine: Engine = {
    subscribe(subscribed) {
      listener = subscribed;
      return nothing;
    },
    configuration: unanswered,
    signIn: unanswered,
    restore: unanswered,
    signOut: async () => undefined,
    setWatched: nothing,
    openRoom: unanswered,
    closeRoom: nothing,
    loadOlder: unanswered,
    loadNewer: unanswered,
    prefetch: unanswered,
    markRead: nothing,
    setTyping: nothing,
    keepDraft: nothing,
    prepareToSend: nothing,
    sendMessage: unanswered,
    sendFile: nothing,
    edit: unanswered,
    delete: nothing,
    react: nothing,
    retrySending: nothing,
    discardUnsent: nothing,
    showedAlert: nothing,
    answerAlert: unanswered,
    alertRoster: unanswered,
    acceptInvitation: unanswered,
    leaveRoom: unanswered,
    setFavourite: unanswered,
    setNotifications: unanswered,
    setUpEncryption: unanswered,
    recover: unanswered,
    requestVerification: unanswered,
    acceptVerification: unanswered,
    compareEmojis: unanswered,
    scannedCode: unanswered,
    confirmVerification: unanswered,
    cancelVerification: async () => undefined,
    acceptIdentity: unanswered,
    ownSession: unanswered,
    domain: unanswered,
    searchPeople: unanswered,
    lookUpPeople: unanswered,
    startConversation: unanswered,
    ...answers,
  };
  return { engine, emit: (update) => listener(update) };
}

/** Time that passes when the test says so. */
export function fakeClock(now = Date.parse('2026-11-23T09:00:00')): Clock & { pass(milliseconds: number): void } {
  const timers = new Set<{ at: number; callback: () => void }>();
  let time = now;
  return {
    now: () => time,
    after(milliseconds, callback) {
      const timer = { at: time + milliseconds, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass(milliseconds) {
      time += milliseconds;
      for (const timer of timers) {
        if (timer.at > time) continue;
        timers.delete(timer);
        timer.callback();
      }
    },
  };
}

function fakeKeyValues(): KeyValues {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
    clear: () => values.clear(),
  };
}

/** As the tabs of one browser have it. */
export function fakePresence(): Presence {
  const listeners = new Set<() => void>();
  return {
    announce: () => listeners.forEach((listener) => listener()),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A system that shows all it is given. */
export function fakeNotices(
  permission: SystemNotices['permission'] = 'granted',
): SystemNotices & { readonly shown: SystemNotice[] } {
  const shown: SystemNotice[] = [];
  return {
    shown,
    permission,
    askPermission: async () => 'granted',
    show: async (notice) => void shown.push(notice),
    withdraw(roomId) {
      const left = shown.filter((notice) => roomId !== null && notice.roomId !== roomId);
      shown.splice(0, shown.length, ...left);
    },
    setCount: () => undefined,
  };
}

export function fakePlatform(
  clock: Clock = fakeClock(),
): Platform & { readonly notices: ReturnType<typeof fakeNotices> } {
  let fragment = '';
  let listener: (fragment: string) => void = () => undefined;
  const go = (next: string): void => {
    fragment = next;
    listener(next);
  };
  return {
    address: {
      read: () => fragment,
      push: go,
      replace: go,
      subscribe(subscribed) {
        listener = subscribed;
        return () => undefined;
      },
      forget: () => undefined,
    },
    preferences: fakeKeyValues(),
    session: fakeKeyValues(),
    presence: fakePresence(),
    clock,
    notices: fakeNotices(),
    languages: ['de-DE'],
    restart: () => undefined,
  };
}
