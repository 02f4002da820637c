/**
 * Synapse's log configuration (Python's logging.config dictionary): `homeserver.log` for people and
 * `requests.jsonl` with one JSON line for each request that was received. The request log shows who knocked at
 * which door: `site_tag` is the listener (`client`, `federation`), `method` and `url` the door, `requester` the
 * person or other homeserver (null when it was refused before it had proved who it is); `log` holds the answer's
 * status.
 */
import { join } from 'node:path';
import type { HomeserverConfig } from './render.ts';

/** Days that logs are kept; they name people and addresses. */
const daysKept = 7;

export function requestLogPath(logFolder: string): string {
  return join(logFolder, 'requests.jsonl');
}

function homeserverLogPath(logFolder: string): string {
  return join(logFolder, 'homeserver.log');
}

export function renderLogConfig(logFolder: string): HomeserverConfig {
  return {
    version: 1,
    formatters: {
      plain: { format: '%(asctime)s %(levelname)s %(name)s %(request)s %(message)s' },
      json: { class: 'synapse.logging.TerseJsonFormatter' },
    },
    handlers: {
      homeserver: rotatingFile(homeserverLogPath(logFolder), 'plain'),
      requests: rotatingFile(requestLogPath(logFolder), 'json'),
    },
    loggers: {
      'synapse.access': { level: 'INFO', handlers: ['requests'], propagate: false },
      // DEBUG would write access tokens.
      'synapse.storage.SQL': { level: 'INFO' },
    },
    root: { level: 'INFO', handlers: ['homeserver'] },
    disable_existing_loggers: false,
  };
}

function rotatingFile(filename: string, formatter: string): HomeserverConfig {
  return {
    class: 'logging.handlers.TimedRotatingFileHandler',
    formatter,
    filename,
    when: 'midnight',
    backupCount: daysKept,
    encoding: 'utf8',
  };
}
