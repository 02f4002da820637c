import { createPrivateKey } from 'node:crypto';
import { createEd25519Key } from '../../../synapse-config/homeserver/ed25519-key.ts';
import { createRosterSeal, type RosterSeal } from './roster-seal.ts';

/** A seal with a key of its own, for tests. @param now milliseconds since 1970 */
export function createTestSeal(now: () => number = Date.now): RosterSeal {
  return createRosterSeal(createPrivateKey(createEd25519Key()), now);
}
