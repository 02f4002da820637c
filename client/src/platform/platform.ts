/** Browser APIs as the model sees them; tests bring their own. */
export interface Platform {
  readonly address: Address;
  readonly preferences: KeyValues;
  /** Lives as long as the tab: drafts. */
  readonly session: KeyValues;
  readonly clock: Clock;
  /** Languages the browser asks for, best first. */
  readonly languages: readonly string[];
}

/** The part of the address after `#`, so that the browser's back button works. */
export interface Address {
  read(): string;
  push(fragment: string): void;
  replace(fragment: string): void;
  subscribe(listener: (fragment: string) => void): () => void;
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
