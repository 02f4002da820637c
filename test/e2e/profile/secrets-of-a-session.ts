/** What of a person's session must not be left on a computer. */
import { z } from 'zod';
import { localpartOf } from '#contract/ids.ts';
import { readMessages } from '../../harness/matrix/rooms.ts';
import { signInDevice } from '../../harness/encryption/device.ts';
import { passphraseOf } from '../../harness/passphrase.ts';
import { bytesSecret, textSecret, type Secret } from '../../harness/profile-search/secrets.ts';
import { roomNamed } from '../../faults/cut-seat.ts';
import type { Visitor } from '../visitor.ts';

const bundleSchema = z.object({
  cross_signing: z.object({ master_key: z.string(), self_signing_key: z.string(), user_signing_key: z.string() }),
  backup: z.object({ key: z.string() }),
});
const roomKeysSchema = z.array(z.object({ session_id: z.string(), session_key: z.string() }));
const pictureSchema = z.object({ file: z.object({ url: z.string(), key: z.object({ k: z.string() }) }) });

/** Ratchet of an exported session without its last quarter, which changes with every message. */
const ratchet = { from: 5, to: 101 };

const base64 = (text: string): Buffer => Buffer.from(text, 'base64');

/** Keys of the person and of the newest messages of a room, as another device of the person holds them. */
export async function keysOf({ person, homeserverUrl }: Visitor, room: string): Promise<readonly Secret[]> {
  const device = await signInDevice({ ...person, clientApiUrl: homeserverUrl });
  try {
    await device.encryption.recover(passphraseOf(person.userId));
    const roomId = await roomNamed(device.session, room);
    const bundle = bundleSchema.parse((await device.machine.olm.exportSecretsBundle()).to_json());
    const pictures: Secret[] = [];
    const sessionIds = new Set<unknown>();
    for (const { event_id: eventId, content } of await readMessages(device.session, roomId)) {
      sessionIds.add(content['session_id']);
      const decryption = await device.decrypt(roomId, eventId);
      const picture = pictureSchema.safeParse(decryption.kind === 'clear' ? decryption.content : null);
      if (!picture.success) continue;
      const { file } = picture.data;
      pictures.push(bytesSecret('key of a picture', Buffer.from(file.key.k, 'base64url')));
      pictures.push(textSecret('address of a picture', file.url.split('/').at(-1) ?? file.url));
    }
    const exported = await device.machine.olm.exportRoomKeys(({ sessionId }) => sessionIds.has(sessionId));
    const sessions = roomKeysSchema.parse(JSON.parse(exported));
    return [
      ...Object.entries(bundle.cross_signing).map(([name, key]) => bytesSecret(name, base64(key))),
      bytesSecret('backup key', base64(bundle.backup.key)),
      ...sessions.map(({ session_key: key }) =>
        bytesSecret('key of messages', base64(key).subarray(ratchet.from, ratchet.to)),
      ),
      ...pictures,
    ];
  } finally {
    await device.signOut();
  }
}

/** Names, ids and credentials. */
export function namesOf(people: readonly Visitor[], roomId: string, room: string): readonly Secret[] {
  return [
    textSecret('room id', roomId),
    textSecret('room name', room),
    ...people.flatMap(({ person: { userId, name, password } }) => [
      textSecret(`user id ${userId}`, userId),
      textSecret(`localpart ${localpartOf(userId)}`, localpartOf(userId)),
      textSecret(`name ${name}`, name),
      textSecret(`password of ${userId}`, password),
      textSecret(`passphrase of ${userId}`, passphraseOf(userId)),
      // Synapse begins every token with the person's name.
      textSecret(
        `token of ${userId}`,
        `syt_${Buffer.from(localpartOf(userId)).toString('base64').replaceAll('=', '')}`,
      ),
    ]),
  ];
}
