/**
 * Opens the SDK's Rust cryptography without its client: no sync, no rooms, no timeline of the SDK (ADR 0017). All that
 * reaches into the SDK's inner parts is here, checked when it is opened; the version is pinned.
 */
import { OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import { OnlySignedDevicesIsolationMode } from 'matrix-js-sdk/lib/crypto-api/index.js';
import { initRustCrypto } from 'matrix-js-sdk/lib/rust-crypto/index.js';
import { KeyClaimManager } from 'matrix-js-sdk/lib/rust-crypto/KeyClaimManager.js';
import { OutgoingRequestsManager } from 'matrix-js-sdk/lib/rust-crypto/OutgoingRequestsManager.js';
import { PerSessionKeyBackupDownloader } from 'matrix-js-sdk/lib/rust-crypto/PerSessionKeyBackupDownloader.js';
import type { RustCrypto } from 'matrix-js-sdk/lib/rust-crypto/rust-crypto.js';
import { ServerSideSecretStorageImpl } from 'matrix-js-sdk/lib/secret-storage.js';
import { accountData, sdkAccountData, sdkHttp, type AccountData, type Http } from './account-data.ts';
import { quietLogger, silenceGlobalLog } from './quiet-log.ts';
import { UnlockedKey } from './unlocked-key.ts';

export interface MachineOptions {
  readonly homeserverUrl: string;
  readonly userId: string;
  readonly deviceId: string;
  /** Adds the access token and renews it. */
  readonly fetch: typeof fetch;
  /** 32 bytes that encrypt the key store on disk. */
  readonly storageKey: Uint8Array;
  readonly databasePrefix: string;
  readonly isInMemory: boolean;
}

export interface Machine {
  readonly userId: string;
  readonly deviceId: string;
  readonly crypto: RustCrypto;
  readonly olm: OlmMachine;
  readonly keyClaims: KeyClaimManager;
  readonly outgoing: OutgoingRequestsManager;
  readonly backupDownloads: PerSessionKeyBackupDownloader;
  readonly http: Http;
  readonly accountData: AccountData;
  readonly secretStorage: ServerSideSecretStorageImpl;
  readonly unlockedKey: UnlockedKey;
}

export async function openMachine(options: MachineOptions): Promise<Machine> {
  const { userId, deviceId } = options;
  silenceGlobalLog();
  const http = sdkHttp(options.homeserverUrl, options.fetch);
  const data = accountData(http, userId);
  const unlockedKey = new UnlockedKey();
  const secretStorage = new ServerSideSecretStorageImpl(sdkAccountData(data), unlockedKey.callbacks);
  const crypto = await initRustCrypto({
    logger: quietLogger,
    http,
    userId,
    deviceId,
    secretStorage,
    cryptoCallbacks: unlockedKey.callbacks,
    storePrefix: options.isInMemory ? null : options.databasePrefix,
    storeKey: options.storageKey,
  });
  // What the server adds to an account unseen, a device without its owner's signature, gets no key and is not read.
  crypto.setDeviceIsolationMode(new OnlySignedDevicesIsolationMode());
  return {
    userId,
    deviceId,
    crypto,
    olm: part(crypto['olmMachine'], OlmMachine),
    keyClaims: part(crypto['keyClaimManager'], KeyClaimManager),
    outgoing: part(crypto['outgoingRequestsManager'], OutgoingRequestsManager),
    backupDownloads: part(crypto['perSessionBackupDownloader'], PerSessionKeyBackupDownloader),
    http,
    accountData: data,
    secretStorage,
    unlockedKey,
  };
}

// oxlint-disable-next-line typescript/no-explicit-any -- the arguments of a constructor that is not called
function part<T>(value: unknown, type: abstract new (...args: any[]) => T): T {
  if (value instanceof type) return value;
  throw new Error(`the SDK has no ${type.name} where it had one`);
}
