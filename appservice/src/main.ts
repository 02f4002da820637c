/**
 * `node appservice/src/main.ts --config <file.yaml>`: runs until SIGTERM or SIGINT, then ends cleanly. A configuration
 * or declaration with faults: all of them on stderr, exit code 2.
 */
import { parseArgs } from 'node:util';
import { startAppservice, type Appservice } from './appservice.ts';
import { readConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { StartError } from './start-error.ts';
import { StoreError } from './store/store-error.ts';

const usage = 'Usage: node appservice/src/main.ts --config <file.yaml>';

function readConfigPath(): string {
  try {
    const { config } = parseArgs({ options: { config: { type: 'string' } } }).values;
    if (config !== undefined) return config;
  } catch (error) {
    throw new StartError([error instanceof Error ? error.message : String(error), usage]);
  }
  throw new StartError([usage]);
}

function failStart(error: unknown): never {
  const isExpected = error instanceof StartError || error instanceof StoreError;
  process.stderr.write(`${isExpected ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exit(isExpected ? 2 : 1);
}

async function start(): Promise<Appservice> {
  const config = await readConfig(readConfigPath());
  return startAppservice(config, createLogger(config.logLevel));
}

const appservice = await start().catch(failStart);

async function end(exitCode: number): Promise<void> {
  await appservice.stop();
  process.exit(exitCode);
}

process.once('SIGTERM', () => void end(0));
process.once('SIGINT', () => void end(0));
// Started again, it stands by. To go on instead would mean two that lead.
appservice.leadershipLost.addEventListener('abort', () => void end(1));
await appservice.ready.catch(failStart);
