/**
 * Fresh accounts and rooms for tests of encryption: identities last for ever, so no test may share one with another.
 * Accounts come by Synapse's admin API, rooms from the appservice's bot, which alone may make some.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { roomIdSchema, userIdOf, type RoomId, type ServerName, type UserId } from '#contract/ids.ts';
import { readStackFile } from '#stack/stack-file.ts';
import { accepted, roomPath } from '#test/harness/matrix/rooms.ts';
import { sessionOf, type MatrixSession } from '#test/harness/matrix/session.ts';

export interface Account {
  readonly clientApiUrl: string;
  readonly userId: UserId;
  readonly password: string;
}

export interface AccountSource {
  newAccount(name: string): Promise<Account>;
  /** Signs the person out everywhere and out of all rooms, for good. */
  close(account: Account): Promise<void>;
  /** An encrypted room of these people, joined. Their sessions accept the bot's invitation. */
  newRoom(people: readonly MatrixSession[]): Promise<RoomId>;
}

const registrationSchema = z.object({ as_token: z.string(), sender_localpart: z.string() });
const createdSchema = z.object({ room_id: roomIdSchema });

export async function accountSource(stackFile: string, serverName: ServerName): Promise<AccountSource> {
  const domain = (await readStackFile(stackFile)).domains[serverName];
  if (domain === undefined) throw new Error(`the stack has no ${serverName}`);
  const { clientApiUrl, dataFolder } = domain;
  const adminToken = await readFile(join(dataFolder, 'homeserver', 'admin-access-token'), 'utf8');
  const bot = await botSession(dataFolder, clientApiUrl, serverName);
  return {
    async newAccount(name) {
      const userId = userIdOf(`${name}-${randomUUID().slice(0, 8)}`, serverName);
      const password = randomUUID();
      await putUser(clientApiUrl, adminToken, userId, password);
      return { clientApiUrl, userId, password };
    },
    async close({ userId }) {
      const path = `/_synapse/admin/v1/deactivate/${encodeURIComponent(userId)}`;
      const response = await fetch(new URL(path, clientApiUrl), {
        method: 'POST',
        headers: { Authorization: `Bearer ${adminToken.trim()}` },
        body: '{}',
      });
      if (!response.ok) throw new Error(`${userId} is not closed: ${response.status} ${await response.text()}`);
    },
    async newRoom(people) {
      const created = await bot.request('POST', '/v3/createRoom', encryptedRoom(people.map(({ userId }) => userId)));
      const { room_id: roomId } = createdSchema.parse(accepted(created));
      for (const person of people) accepted(await person.request('POST', roomPath(roomId, 'join'), {}));
      return roomId;
    },
  };
}

function encryptedRoom(invite: readonly UserId[]): object {
  const state = (type: string, content: object): object => ({ type, state_key: '', content });
  return {
    preset: 'private_chat',
    room_version: '12',
    invite,
    initial_state: [
      state('m.room.encryption', { algorithm: 'm.megolm.v1.aes-sha2' }),
      state('m.room.history_visibility', { history_visibility: 'joined' }),
    ],
  };
}

async function putUser(clientApiUrl: string, adminToken: string, userId: UserId, password: string): Promise<void> {
  const response = await fetch(new URL(`/_synapse/admin/v2/users/${encodeURIComponent(userId)}`, clientApiUrl), {
    method: 'PUT',
    headers: { Authorization: `Bearer ${adminToken.trim()}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ password }),
  });
  if (!response.ok) throw new Error(`no account for ${userId}: ${response.status} ${await response.text()}`);
}

async function botSession(dataFolder: string, clientApiUrl: string, serverName: ServerName): Promise<MatrixSession> {
  const text = await readFile(join(dataFolder, 'appservice', 'registration-provisioner.yaml'), 'utf8');
  const { as_token: token, sender_localpart: localpart } = registrationSchema.parse(parse(text));
  return sessionOf(clientApiUrl, userIdOf(localpart, serverName), token);
}
