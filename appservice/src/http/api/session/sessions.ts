import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { userIdSchema, type UserId } from '#contract/ids.ts';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { Database } from '#appservice/store/schema.ts';
import { tokenHashOf } from '../../bearer-token.ts';

/** How long a session lasts. The client signs in again with its Matrix session, without asking anybody. */
export const sessionLifetimeMs = 3_600_000;

interface OpenSession {
  readonly userId: UserId;
  /** When the person proved who they are, in milliseconds since 1970. */
  readonly openedAt: number;
}

export interface Sessions {
  /** Opens a session and answers its token: 32 random bytes, stored as a hash only. */
  open(userId: UserId): Promise<string>;
  /** null if there is no such session or it has ended. */
  find(token: string): Promise<OpenSession | null>;
  /** Ends the session, if there is one. */
  end(token: string): Promise<void>;
}

export function createSessions(database: Kysely<Database>, now: () => number): Sessions {
  return {
    async open(userId) {
      const token = randomBytes(32).toString('base64url');
      const at = now();
      await database.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('session').where('expires_at', '<=', at).execute();
        await transaction
          .insertInto('session')
          .values({
            token_hash: tokenHashOf(token),
            user_id: userId,
            opened_at: at,
            expires_at: at + sessionLifetimeMs,
          })
          .execute();
        await appendAudit(transaction, { at, actor: userId, action: 'session.opened', subject: userId, detail: {} });
      });
      return token;
    },
    async find(token) {
      const row = await database
        .selectFrom('session')
        .select(['user_id', 'opened_at'])
        .where('token_hash', '=', tokenHashOf(token))
        .where('expires_at', '>', now())
        .executeTakeFirst();
      return row === undefined ? null : { userId: userIdSchema.parse(row.user_id), openedAt: row.opened_at };
    },
    end: (token) =>
      database.transaction().execute(async (transaction) => {
        const ended = await transaction
          .deleteFrom('session')
          .where('token_hash', '=', tokenHashOf(token))
          .returning('user_id')
          .executeTakeFirst();
        if (ended === undefined) return;
        const { user_id: user } = ended;
        await appendAudit(transaction, { at: now(), actor: user, action: 'session.ended', subject: user, detail: {} });
      }),
  };
}
