import { systemNotices } from './system-notices.ts';
import type { Address, Clock, KeyValues, Platform, Presence } from './platform.ts';

export function browserPlatform(): Platform {
  return {
    address: browserAddress(),
    preferences: keyValues(() => localStorage, 'landbote.'),
    session: tabMemory(),
    presence: browserPresence(),
    clock: browserClock,
    notices: systemNotices(),
    languages: navigator.languages,
    restart: () => location.reload(),
  };
}

const browserClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

function browserAddress(): Address {
  const listeners = new Set<(fragment: string) => void>();
  const hidden: string[] = [];
  const read = (): string => {
    const state: unknown = history.state;
    return typeof state === 'number' ? (hidden[state] ?? '') : decodeURIComponent(location.hash.replace(/^#/, ''));
  };
  /** What `pushState` and `replaceState` take. */
  const entry = (fragment: string, isHidden: boolean): [state: number | null, title: string, address: string] =>
    isHidden ? [hidden.push(fragment) - 1, '', location.pathname] : [null, '', `#${encodeURI(fragment)}`];
  const notify = (): void => listeners.forEach((listener) => listener(read()));
  addEventListener('popstate', notify);
  return {
    read,
    push(fragment, isHidden) {
      history.pushState(...entry(fragment, isHidden));
      notify();
    },
    replace(fragment, isHidden) {
      history.replaceState(...entry(fragment, isHidden));
      notify();
    },
    forget: () => void hidden.splice(0),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function browserPresence(): Presence {
  const channel = new BroadcastChannel('landbote-presence');
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has one origin only
    announce: () => channel.postMessage(null),
    subscribe(listener) {
      channel.addEventListener('message', listener);
      return () => channel.removeEventListener('message', listener);
    },
  };
}

/**
 * Kept in the name of the window, which outlives a reload. The browser's storage for a tab is written to the disk as it
 * is; a window's name is not, and goes when another site is opened.
 */
function tabMemory(): KeyValues {
  const read = (): Map<string, string> => {
    try {
      // Whoever opened the window may have named it.
      const named: unknown = JSON.parse(window.name);
      return new Map(Object.entries(named ?? {}).filter((entry) => typeof entry[1] === 'string'));
    } catch {
      return new Map();
    }
  };
  const change = (apply: (values: Map<string, string>) => void): void => {
    const values = read();
    apply(values);
    window.name = JSON.stringify(Object.fromEntries(values));
  };
  return {
    get: (key) => read().get(key) ?? null,
    set: (key, value) => change((values) => values.set(key, value)),
    remove: (key) => change((values) => values.delete(key)),
    clear: () => (window.name = ''),
  };
}

/** A browser may refuse storage (private mode, full disk); then nothing is kept and nothing breaks. */
function keyValues(storage: () => Storage, prefix: string): KeyValues {
  const attempt = <T>(action: () => T, otherwise: T): T => {
    try {
      return action();
    } catch {
      return otherwise;
    }
  };
  return {
    get: (key) => attempt(() => storage().getItem(prefix + key), null),
    set: (key, value) => attempt(() => storage().setItem(prefix + key, value), undefined),
    remove: (key) => attempt(() => storage().removeItem(prefix + key), undefined),
    clear: () =>
      attempt(() => {
        const keys = Object.keys(storage()).filter((key) => key.startsWith(prefix));
        for (const key of keys) storage().removeItem(key);
      }, undefined),
  };
}
