/** Loads the cryptography when it is wanted: it is by far the largest part of the client. */
import type { ClientConfig } from '#contract/client-config.ts';
import type { Encryption, EncryptionEvents } from '../encryption/encryption.ts';
import type { SessionRecord } from './session-record.ts';

export interface EncryptionStart {
  readonly config: ClientConfig;
  readonly record: SessionRecord;
  readonly fetch: typeof fetch;
  readonly databasePrefix: string;
}

export interface LateEncryption {
  /** Settles once somebody has loaded it. */
  readonly ready: Promise<Encryption>;
  /** Loads it, unless that has begun. */
  load(): Promise<Encryption>;
  stop(): void;
}

const retryAfterMs = 5_000;

export function startEncryption(options: EncryptionStart, events: EncryptionEvents): LateEncryption {
  let hasStopped = false;
  const { promise: ready, resolve } = Promise.withResolvers<Encryption>();
  let loading: Promise<Encryption> | null = null;
  let running: Encryption | null = null;

  async function open(): Promise<Encryption> {
    const { config, record, fetch, databasePrefix } = options;
    const { createEncryption } = await import('../encryption/create-encryption.ts');
    return createEncryption({
      homeserverUrl: config.homeserverUrl,
      userId: record.userId,
      deviceId: record.deviceId,
      fetch,
      storageKey: new Uint8Array(record.storageKey),
      databasePrefix,
      isInMemory: record.isSharedComputer || typeof indexedDB === 'undefined',
      events,
    });
  }

  /** Without the network the first start can't load it; nothing is lost by trying again. */
  async function openWithRetries(): Promise<Encryption> {
    for (;;) {
      try {
        const encryption = await open();
        if (hasStopped) encryption.stop();
        running = encryption;
        resolve(encryption);
        return encryption;
      } catch (error) {
        if (hasStopped) throw error;
        // A full device is said to be one.
        await events.hasRoom();
        await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
      }
    }
  }

  return {
    ready,
    load() {
      loading ??= openWithRetries();
      return loading;
    },
    stop() {
      hasStopped = true;
      running?.stop();
    },
  };
}
