/** Asks the module in the homeserver to join many people at once (docs/adr/0016). */
import type { Logger } from 'pino';
import { z } from 'zod';
import { userIdSchema, type RoomId, type UserId } from '#contract/ids.ts';
import { HomeserverError, type GroupJoiner } from './ports.ts';

export interface GroupJoinerOptions {
  readonly url: string;
  readonly token: string;
  readonly logger: Pick<Logger, 'warn'>;
  /** Aborted when nobody waits for answers any more. */
  readonly abandoned: AbortSignal;
}

/** A hundred people take a second or two; a busy homeserver several times as long. */
const answerMsMax = 60_000;

const answerSchema = z.object({
  outcomes: z.record(z.string(), z.object({ outcome: z.enum(['joined', 'present', 'refused']) })),
});
const refusalSchema = z.object({ errcode: z.string(), error: z.string().default('') });

export function createGroupJoiner(options: GroupJoinerOptions): NonNullable<GroupJoiner['joinTogether']> {
  return async (roomId, people) => {
    try {
      return await joinTogether(options, roomId, people);
    } catch (err) {
      options.logger.warn({ roomId, people: people.length, err }, 'many people could not be joined at once');
      throw err;
    }
  };
}

async function joinTogether(
  options: GroupJoinerOptions,
  roomId: RoomId,
  people: readonly UserId[],
): Promise<ReadonlySet<UserId>> {
  const answer = await ask(options, roomId, people);
  const content: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw refusalOf(answer.status, content);
  return arrivedOf(content);
}

async function ask(
  { url, token, abandoned }: GroupJoinerOptions,
  roomId: RoomId,
  people: readonly UserId[],
): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      redirect: 'error',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ room_id: roomId, people }),
      signal: AbortSignal.any([abandoned, AbortSignal.timeout(answerMsMax)]),
    });
  } catch (cause) {
    throw new HomeserverError(0, 'M_UNKNOWN', `no answer to many memberships: ${String(cause)}`);
  }
}

function refusalOf(status: number, content: unknown): HomeserverError {
  const refusal = refusalSchema.safeParse(content);
  const { errcode, error } = refusal.success ? refusal.data : { errcode: 'M_UNKNOWN', error: 'the homeserver refused' };
  return new HomeserverError(status, errcode, error);
}

function arrivedOf(content: unknown): ReadonlySet<UserId> {
  const answer = answerSchema.safeParse(content);
  if (!answer.success) throw new HomeserverError(200, 'M_NOT_JSON', 'unexpected answer to many memberships');
  const present = Object.entries(answer.data.outcomes).filter(([, { outcome }]) => outcome !== 'refused');
  return new Set(present.map(([person]) => userIdSchema.parse(person)));
}
