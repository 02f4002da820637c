/** What an alert begins with in the composer. */
import type { Alert } from '../engine/protocol.ts';

/** Hours for which an alert can be valid. */
export const hoursChoice = [1, 2, 4, 8, 12, 24];

export interface NewAlert extends Omit<Alert, 'validUntil'> {
  readonly hours: number;
}

/** A shift's half; with nothing but a photo it can leave. */
export function newAlert(): { -readonly [Key in keyof NewAlert]: NewAlert[Key] } {
  return { kind: 'wanted', urgency: 'urgent', reference: '', place: '', hours: 4, mustAcknowledge: true };
}
