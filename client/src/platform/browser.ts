import { systemNotices } from './system-notices.ts';
import type { Address, Clock, KeyValues, Platform } from './platform.ts';

export function browserPlatform(): Platform {
  return {
    address: browserAddress(),
    preferences: keyValues(() => localStorage, 'landbote.'),
    session: keyValues(() => sessionStorage, 'landbote.'),
    clock: browserClock,
    notices: systemNotices(),
    languages: navigator.languages,
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
  const read = (): string => decodeURIComponent(location.hash.replace(/^#/, ''));
  const notify = (): void => listeners.forEach((listener) => listener(read()));
  addEventListener('popstate', notify);
  return {
    read,
    push(fragment) {
      history.pushState(null, '', `#${encodeURI(fragment)}`);
      notify();
    },
    replace(fragment) {
      history.replaceState(null, '', `#${encodeURI(fragment)}`);
      notify();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
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
