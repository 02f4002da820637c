import { logger, type Logger } from 'matrix-js-sdk/lib/logger.js';

/** The SDK logs ids of rooms, people and devices at every step; a shared computer's console is no place for them. */
export const quietLogger: Logger = {
  trace: silence,
  debug: silence,
  info: silence,
  warn: silence,
  error: silence,
  getChild: () => quietLogger,
};

/** Parts of the SDK that still log through its global logger are silenced as well. */
export function silenceGlobalLog(): void {
  logger.trace = silence;
  logger.debug = silence;
  logger.info = silence;
  logger.warn = silence;
  logger.error = silence;
  logger.log = silence;
}

function silence(): void {
  // Deliberately nothing.
}
