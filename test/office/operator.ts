/** The operator of a small office's homeserver: everybody's passwords, and the bot's token. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '#appservice/config.ts';
import { localpartOf, serverNameOf, type RoomId, type UserId } from '#contract/ids.ts';
import { ensureAccounts } from '#stack/parts/accounts.ts';
import { registrationSecretPathOf } from '#stack/parts/homeserver.ts';
import { accepted, roomPath } from '#test/harness/matrix/rooms.ts';
import { sessionOf, signIn } from '#test/harness/matrix/session.ts';
import { startAllowingPolicy } from '../bench/allowing-policy.ts';

export interface Operator {
  readonly passwordOf: (person: UserId) => string;
  /** Puts a person into a room as the bot would. While the appservice is away, in its place everything is allowed. */
  slipIn(person: UserId, roomId: RoomId, isAppserviceAway: boolean): Promise<void>;
  /** Closes an account for good: its sessions end, and it leaves all rooms. */
  close(person: UserId): Promise<void>;
  /** How many devices an account has. */
  countDevices(person: UserId): Promise<number>;
  /** Writes state as the bot. */
  publish(roomId: RoomId, type: string, stateKey: string, content: object): Promise<void>;
}

const registrationSchema = z.looseObject({ as_token: z.string() });

/** Sets new passwords for `people` and makes the accounts that there are not. */
export async function openOperator(
  { configPath }: { readonly configPath: string },
  people: readonly UserId[],
  bot: UserId,
): Promise<Operator> {
  const { homeserverUrl: clientApiUrl, registrations, listen } = await readConfig(configPath);
  const folder = join(dirname(configPath), '..', 'homeserver');
  const registrationSecret = await readFile(registrationSecretPathOf(folder), 'utf8');
  const home = { serverName: serverNameOf(bot), clientApiUrl, folder, registrationSecret };
  const wishes = people.map((userId) => ({ userId, name: localpartOf(userId) }));
  const passwords = await ensureAccounts(home, wishes, () => undefined);
  const token = registrationSchema.parse(parse(await readFile(registrations.provisioner, 'utf8'))).as_token;
  const botSession = sessionOf(clientApiUrl, bot, token);
  const adminToken = await readFile(join(folder, 'admin-access-token'), 'utf8');
  const administer = async (method: 'GET' | 'POST', path: string): Promise<unknown> => {
    const answer = await fetch(new URL(`/_synapse/admin/${path}`, clientApiUrl), {
      method,
      headers: { Authorization: `Bearer ${adminToken.trim()}` },
      ...(method === 'POST' && { body: '{}' }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const passwordOf = (person: UserId): string => passwords.get(person) ?? '';

  return {
    passwordOf,
    async slipIn(person, roomId, isAppserviceAway) {
      const policy = isAppserviceAway ? await startAllowingPolicy(listen.homeserver.port) : null;
      accepted(await botSession.request('POST', roomPath(roomId, 'invite'), { user_id: person }));
      const session = await signIn(clientApiUrl, person, passwordOf(person));
      accepted(await session.request('POST', roomPath(roomId, 'join'), {}));
      await policy?.close();
    },
    async close(person) {
      await administer('POST', `v1/deactivate/${encodeURIComponent(person)}`);
    },
    async countDevices(person) {
      const answer = await administer('GET', `v2/users/${encodeURIComponent(person)}/devices`);
      return z.object({ total: z.int() }).parse(answer).total;
    },
    async publish(roomId, type, stateKey, content) {
      accepted(await botSession.request('PUT', roomPath(roomId, `state/${type}/${stateKey}`), content));
    },
  };
}
