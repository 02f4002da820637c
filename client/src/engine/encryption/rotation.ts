/** When a room's key is replaced by a new one. */
export interface Rotation {
  readonly periodMs: number;
  readonly messages: number;
}

/** The defaults of the specification ("m.room.encryption") are here the most that a room may ask for. */
const longestPeriodMs = 604_800_000;
const mostMessages = 100;

/**
 * @param settings content of `m.room.encryption`. The homeserver must not be able to make one key last for ever.
 * @throws if the room asks for another algorithm: weaker ones are not spoken.
 */
export function rotationOf(settings: Readonly<Record<string, unknown>>): Rotation {
  if (settings['algorithm'] !== 'm.megolm.v1.aes-sha2') throw new Error('unknown-algorithm');
  return {
    periodMs: atMost(settings['rotation_period_ms'], longestPeriodMs),
    messages: atMost(settings['rotation_period_msgs'], mostMessages),
  };
}

function atMost(value: unknown, most: number): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? Math.min(value, most) : most;
}
