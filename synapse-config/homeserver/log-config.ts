/**
 * Synapse's log configuration (Python's logging.config dictionary): `homeserver.log` for people, `refusals.jsonl` with
 * what whitelist, server ACL and event authorisation refused, for the appservice (docs/adr/0025), and
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

export function refusalLogPath(logFolder: string): string {
  return join(logFolder, 'refusals.jsonl');
}

function homeserverLogPath(logFolder: string): string {
  return join(logFolder, 'homeserver.log');
}

/** Who says in Synapse what the homeserver refused another server. */
const refusingLoggers = [
  'synapse.http.server',
  'synapse.federation.federation_server',
  'synapse.handlers.federation_event',
];

/** @param refusalFolder where the log of refusals lies, if apart from the others */
export function renderLogConfig(logFolder: string, refusalFolder: string = logFolder): HomeserverConfig {
  return {
    version: 1,
    filters: { refusals: { '()': 'landbote_wall.observed.OnlyRefusals' } },
    formatters: {
      plain: { format: '%(asctime)s %(levelname)s %(name)s %(request)s %(message)s' },
      json: { class: 'synapse.logging.TerseJsonFormatter' },
      refusals: { '()': 'landbote_wall.observed.RefusalFormatter' },
    },
    handlers: {
      homeserver: rotatingFile(homeserverLogPath(logFolder), 'plain'),
      requests: rotatingFile(requestLogPath(logFolder), 'json'),
      refusals: { ...rotatingFile(refusalLogPath(refusalFolder), 'refusals'), filters: ['refusals'] },
    },
    loggers: {
      'synapse.access': { level: 'INFO', handlers: ['requests'], propagate: false },
      ...Object.fromEntries(refusingLoggers.map((name) => [name, { handlers: ['refusals'] }])),
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
