import { pino, type Logger, type LoggerOptions } from 'pino';
import type { Config } from './config.ts';

/** What must never be in a log, wherever it stands in what is logged. */
const secrets = ['token', 'access_token', 'as_token', 'hs_token', 'password', 'authorization'];

/** JSON lines on stdout. */
export function createLogger(level: Config['logLevel']): Logger {
  return pino(loggerOptions(level));
}

export function loggerOptions(level: Config['logLevel']): LoggerOptions {
  const paths = secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]);
  return { level, base: null, redact: { paths, censor: '[redacted]' } };
}
