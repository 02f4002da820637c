/** End-to-end encryption. Loaded late: it brings the SDK's Rust cryptography along. */
import { composeEncryption } from './compose-encryption.ts';
import type { Encryption, EncryptionEvents } from './encryption.ts';
import { openMachine, type MachineOptions } from './open-machine.ts';

export interface EncryptionOptions extends MachineOptions {
  readonly events: EncryptionEvents;
}

/** Opens the key store, without an answer of the homeserver. */
export async function createEncryption({ events, ...options }: EncryptionOptions): Promise<Encryption> {
  return composeEncryption(await openMachine(options), events);
}
