/**
 * Takes what the homeserver refused by itself from its log into the audit trail (docs/adr/0025). Each row says up to
 * where the log had been read when it was written, so that a new start goes on from there and writes nothing twice.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { z } from 'zod';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { Database } from '#appservice/store/schema.ts';
import { createRefusalLedger, type WriteRefusal } from '../refusal-ledger.ts';
import { parseObservedRefusal, type ObservedRefusal } from './observed-refusal.ts';
import { linesAfter, logPositionSchema } from './read-log.ts';

export interface RefusalWatchOptions {
  /** The homeserver's `refusals.jsonl`; it need not be there yet. */
  readonly logPath: string;
  readonly database: Kysely<Database>;
  readonly logger: Pick<Logger, 'error' | 'warn'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface RefusalWatch {
  /** Writes what was counted and stands in no row yet, and ends. */
  stop(): Promise<void>;
}

/** Fewer than of people, because strangers choose the names: at most some 50 MB a day. */
const distinctMax = 100;
const lookEveryMs = 1_000;
const afterErrorMs = 30_000;

export function watchRefusals(options: RefusalWatchOptions): RefusalWatch {
  const stopping = new AbortController();
  const watching = watch(options, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}

/** After an error it begins anew, as a new process would. */
async function watch(options: RefusalWatchOptions, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    try {
      await follow(options, ended);
    } catch (err) {
      options.logger.error({ err }, 'the log of refusals cannot be taken into the audit trail');
      await pauseUnless(ended, afterErrorMs);
    }
  }
}

async function follow({ logPath, database, logger, now }: RefusalWatchOptions, ended: AbortSignal): Promise<void> {
  let read = await lastRead(database);
  const write: WriteRefusal = ({ rule, attacker, room }, times) =>
    database.transaction().execute((transaction) =>
      appendAudit(transaction, {
        at: now(),
        actor: attacker ?? 'unknown',
        action: 'wall.observed',
        subject: room ?? 'federation',
        detail: { rule, room, times, read },
      }),
    );
  const ledger = createRefusalLedger(write, now, distinctMax);
  while (!ended.aborted) {
    for await (const { text, position } of linesAfter(logPath, read)) {
      const observed = parse(text, logger);
      if (observed === null) continue;
      const { time, ...refusal } = observed;
      read = { ...position, at: time };
      await ledger.record({ callback: 'log', ...refusal });
    }
    await ledger.writeCounted();
    await pauseUnless(ended, lookEveryMs);
  }
  await ledger.settle();
}

function parse(line: string, logger: RefusalWatchOptions['logger']): ObservedRefusal | null {
  try {
    return parseObservedRefusal(line);
  } catch (err) {
    logger.warn({ err }, 'a line of the log of refusals is none');
    return null;
  }
}

/** Up to where the log was read, and when what stands there was refused. */
const readSchema = logPositionSchema.extend({ at: z.int() });

async function lastRead(database: Kysely<Database>): Promise<z.infer<typeof readSchema> | null> {
  const row = await database
    .selectFrom('audit')
    .select('detail')
    .where('action', '=', 'wall.observed')
    .orderBy('sequence', 'desc')
    .executeTakeFirst();
  return row === undefined ? null : z.object({ read: readSchema }).parse(JSON.parse(row.detail)).read;
}

async function pauseUnless(ended: AbortSignal, waitMs: number): Promise<void> {
  await pause(waitMs, undefined, { signal: ended }).catch(() => undefined);
}
