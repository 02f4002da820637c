/** What a device keeps of its session between two visits. Stored encrypted (platform/session-store.ts). */
export interface SessionRecord {
  readonly userId: string;
  readonly deviceId: string;
  readonly accessToken: string;
  /** 32 random bytes that encrypt the store of message keys. */
  readonly storageKey: Uint8Array<ArrayBuffer>;
}

export interface SessionStore {
  read(): Promise<SessionRecord | null>;
  write(record: SessionRecord): Promise<void>;
  clear(): Promise<void>;
}

/** One set of databases per device: another person at the same computer never meets them. */
export function cryptoDatabasePrefix(record: Pick<SessionRecord, 'deviceId'>): string {
  return `landbote-${record.deviceId}`;
}
