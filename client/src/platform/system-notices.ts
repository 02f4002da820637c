/** Notices of the operating system. Pages find each other by locks, which end with the page that holds them. */
import type { SystemNotice, SystemNotices } from './platform.ts';

/** Held by every page that is in sight. */
const sightLock = 'landbote-in-sight';
/** Held by the one page that shows notices for all. */
const speakerLock = 'landbote-notices';

interface Shown {
  readonly roomId: string;
  readonly close: () => void;
}

export function systemNotices(): SystemNotices {
  const isAvailable = 'Notification' in globalThis;
  const shown = new Map<string, Shown>();
  let isSpeaker = false;
  if (isAvailable) {
    tellSight();
    void navigator.locks.request(speakerLock, () => ((isSpeaker = true), new Promise(() => undefined)));
  }
  return {
    get permission() {
      return isAvailable ? Notification.permission : 'unavailable';
    },
    askPermission: async () => (isAvailable ? Notification.requestPermission() : 'unavailable'),
    async show(notice) {
      if (isSpeaker && !(await isAnyInSight())) shown.set(notice.id, { roomId: notice.roomId, close: show(notice) });
    },
    withdraw(roomId) {
      for (const [id, notice] of shown) {
        if (roomId !== null && notice.roomId !== roomId) continue;
        notice.close();
        shown.delete(id);
      }
    },
    setCount(count) {
      // Only installed clients have an icon that shows it.
      if ('setAppBadge' in navigator) navigator.setAppBadge(count).catch(() => undefined);
    },
  };
}

function tellSight(): void {
  let release = (): void => undefined;
  const tell = (): void => {
    release();
    if (document.visibilityState !== 'visible') return;
    const { promise, resolve } = Promise.withResolvers<void>();
    release = resolve;
    void navigator.locks.request(sightLock, { mode: 'shared' }, () => promise);
  };
  document.addEventListener('visibilitychange', tell);
  tell();
}

async function isAnyInSight(): Promise<boolean> {
  const { held } = await navigator.locks.query();
  return held?.some(({ name }) => name === sightLock) === true;
}

/** @returns what takes it away. */
function show({ id, title, text, isSilent, fragment, onopen }: SystemNotice): () => void {
  const options = { body: text, tag: id, silent: isSilent, icon: '/icon.svg' };
  try {
    const notification = new Notification(title, options);
    notification.addEventListener('click', () => {
      window.focus();
      notification.close();
      onopen();
    });
    return () => notification.close();
  } catch {
    // Phones show them through the service worker alone, which answers when one is chosen.
    return showByWorker(title, { ...options, data: fragment });
  }
}

function showByWorker(title: string, options: NotificationOptions): () => void {
  const showing = navigator.serviceWorker?.ready.then(async (registration) => {
    await registration.showNotification(title, options);
    return registration;
  });
  const close = async (): Promise<void> => {
    const registration = await showing;
    for (const notification of (await registration?.getNotifications({ tag: options.tag ?? '' })) ?? []) {
      notification.close();
    }
  };
  return () => void close().catch(() => undefined);
}
