/** Browser APIs as the model sees them; tests bring their own. */
export interface Platform {
  readonly address: Address;
  readonly preferences: KeyValues;
  /** Lives as long as the tab, reloads included, and is never written down. */
  readonly session: KeyValues;
  readonly presence: Presence;
  readonly clock: Clock;
  readonly notices: SystemNotices;
  /** Languages the browser asks for, best first. */
  readonly languages: readonly string[];
  /** Begins the page anew, with empty memory. */
  restart(): void;
}

/**
 * The part of the address after `#`, so that the browser's back button works. The browser writes addresses down, in its
 * history and for restoring windows: a hidden one stands in the page's memory, and the browser gets its number.
 */
export interface Address {
  read(): string;
  push(fragment: string, isHidden: boolean): void;
  replace(fragment: string, isHidden: boolean): void;
  /** Forgets what is hidden. */
  forget(): void;
  subscribe(listener: (fragment: string) => void): () => void;
}

/** Tells all tabs of this client that somebody is there. */
export interface Presence {
  announce(): void;
  /** Calls back when another tab says so. Returns what ends it. */
  subscribe(listener: () => void): () => void;
}

export interface KeyValues {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  clear(): void;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back after the time; the answer cancels. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** What the operating system shows outside of the page: notices, and a number at the icon. */
export interface SystemNotices {
  readonly permission: NotificationPermission | 'unavailable';
  askPermission(): Promise<NotificationPermission | 'unavailable'>;
  /** Does nothing while a page of this client is in sight. Of several pages one shows it. */
  show(notice: SystemNotice): Promise<void>;
  /** Takes away what is shown of a room; null: of all. */
  withdraw(roomId: string | null): void;
  /** 0: none. */
  setCount(count: number): void;
}

export interface SystemNotice {
  readonly id: string;
  readonly roomId: string;
  readonly title: string;
  readonly text: string;
  readonly isSilent: boolean;
  /** Where in the client it belongs, for when the page that showed it is gone. */
  readonly fragment: string;
  readonly onopen: () => void;
}
