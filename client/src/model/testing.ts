/** Plain data for the model's unit tests. */
import type { RoomOrigin } from '#contract/event-content.ts';
import type { Engine, RoomSnapshot, TimelineItem, Update } from '../engine/protocol.ts';
import type { Clock, KeyValues, Platform } from '../platform/platform.ts';

interface RoomOptions extends Partial<Omit<RoomSnapshot, 'origin'>> {
  readonly roomId: string;
  readonly class: RoomOrigin['class'];
}

export function aRoom({ class: roomClass, ...options }: RoomOptions): RoomSnapshot {
  return {
    isSpace: roomClass === 'space',
    name: options.roomId,
    topic: null,
    origin: { domain: 'land', class: roomClass, address: `room/${options.roomId}`, body: null },
    isEncrypted: true,
    posting: 'allowed',
    counterpartId: null,
    peopleCount: 2,
    lastActivityAt: 0,
    preview: null,
    unreadCount: 0,
    mentionCount: 0,
    childIds: [],
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
    body: { kind: 'text', text: options.id },
    isEdited: false,
    isUnprotected: false,
    sending: 'sent',
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
    signIn: unanswered,
    restore: unanswered,
    signOut: async () => undefined,
    stop: nothing,
    openRoom: unanswered,
    closeRoom: nothing,
    loadOlder: unanswered,
    markRead: nothing,
    prepareToSend: nothing,
    sendText: nothing,
    retrySending: nothing,
    discardUnsent: nothing,
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

export function fakePlatform(clock: Clock = fakeClock()): Platform {
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
    },
    preferences: fakeKeyValues(),
    session: fakeKeyValues(),
    clock,
    languages: ['de-DE'],
  };
}
