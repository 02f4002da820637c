/** What this device knows of other people's identities (their cross-signing keys). */
import { UserId } from '@matrix-org/matrix-sdk-crypto-wasm';
import type { UserVerificationStatus } from 'matrix-js-sdk/lib/crypto-api/index.js';
import type { Member } from '../protocol.ts';
import type { Machine } from './open-machine.ts';

export class Identities {
  readonly #machine: Machine;
  /** Asking costs a look into the key store for each person; the SDK says when an answer is out of date. */
  readonly #known = new Map<string, UserVerificationStatus>();
  readonly #tracked = new Set<string>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** There is news of these people's devices. @param userIds null: of everybody's */
  forget(userIds: readonly string[] | null): void {
    if (userIds === null) this.#known.clear();
    else for (const userId of userIds) this.#known.delete(userId);
  }

  isTracked(userId: string): boolean {
    return this.#tracked.has(userId);
  }

  /** Makes sure that these people's devices and identities are known, and kept up to date from now on. */
  async track(userIds: readonly string[]): Promise<void> {
    const added = userIds.filter((userId) => !this.#tracked.has(userId));
    if (added.length === 0) return;
    await this.#machine.olm.updateTrackedUsers(added.map((userId) => new UserId(userId)));
    await this.#machine.outgoing.doProcessOutgoingRequests();
    for (const userId of added) this.#tracked.add(userId);
  }

  async trustOf(userIds: readonly string[]): Promise<ReadonlyMap<string, Member['trust']>> {
    const entries = userIds.map(async (userId) => [userId, trustIn(await this.#statusOf(userId))] as const);
    return new Map(await Promise.all(entries));
  }

  /** Those of whom a new identity was seen that nobody has accepted. */
  async changed(userIds: readonly string[]): Promise<readonly ChangedIdentity[]> {
    const statuses = await Promise.all(userIds.map(async (userId) => [userId, await this.#statusOf(userId)] as const));
    return statuses
      .filter(([userId, status]) => userId !== this.#machine.userId && hasChanged(status))
      .map(([userId, status]) => ({ userId, wasVerified: isViolation(status) }));
  }

  /** Goes on with the person's new identity, unverified. */
  async accept(userId: string): Promise<void> {
    const { crypto } = this.#machine;
    if (isViolation(await this.#statusOf(userId))) await crypto.withdrawVerificationRequirement(userId);
    await crypto.pinCurrentUserIdentity(userId);
    this.forget([userId]);
  }

  async #statusOf(userId: string): Promise<UserVerificationStatus> {
    const known = this.#known.get(userId);
    if (known) return known;
    const status = await this.#machine.crypto.getUserVerificationStatus(userId);
    this.#known.set(userId, status);
    return status;
  }
}

export interface ChangedIdentity {
  readonly userId: string;
  /** The identity before was verified by the signed-in person. */
  readonly wasVerified: boolean;
}

function trustIn(status: UserVerificationStatus): Member['trust'] {
  if (status.isCrossSigningVerified()) return 'verified';
  if (hasChanged(status)) return 'changed';
  return status.known ? 'unverified' : 'unknown';
}

function hasChanged(status: UserVerificationStatus): boolean {
  return isViolation(status) || status.needsUserApproval;
}

function isViolation(status: UserVerificationStatus): boolean {
  return status.wasCrossSigningVerified() && !status.isCrossSigningVerified();
}
