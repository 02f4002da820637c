/** The encryption connection: messages to this device, other people's devices, and how many keys are left. */
import { z } from 'zod';
import type { Encryption, EncryptionChanges } from '../encryption/encryption.ts';
import type { RoomyStorage } from '../storage/roomy-storage.ts';
import type { ConnectionHandler } from './connection.ts';

export const encryptionPositionKey = 'sync-encryption';

export const encryptionPositionSchema = z.object({ pos: z.string().nullable(), since: z.string().nullable() });
export type EncryptionPosition = z.infer<typeof encryptionPositionSchema>;

export const firstEncryption: EncryptionPosition = { pos: null, since: null };
const mostMessages = 100;
const userIds = z.array(z.string()).catch([]);

const answerSchema = z.object({
  pos: z.string().min(1),
  extensions: z.object({
    to_device: z.object({ next_batch: z.string(), events: z.array(z.unknown()).catch([]) }).optional(),
    e2ee: z
      .object({
        device_lists: z.object({ changed: userIds, left: userIds }).optional(),
        device_one_time_keys_count: z.record(z.string(), z.number()).optional(),
        device_unused_fallback_key_types: z.array(z.string()).nullish(),
      })
      .optional()
      .catch(undefined),
  }),
});

export function encryptionConnection(
  stored: EncryptionPosition,
  storage: RoomyStorage,
  encryption: Encryption,
  onDeviceMessages: (messages: readonly unknown[]) => void,
): ConnectionHandler {
  let position = stored;
  /** The server keeps messages until they are confirmed; a full answer means that more are waiting. */
  let isMoreWaiting = false;

  return {
    ask: () => ({
      body: { extensions: { to_device: toDevice(position.since), e2ee: { enabled: true } } },
      isWaiting: position.pos !== null && !isMoreWaiting,
    }),
    async receive(body, isFirst) {
      const answer = answerSchema.parse(body);
      const changes = changesIn(answer, isFirst);
      // A message to this device is opened once: what was opened and not stored would be lost.
      if (changes.toDeviceEvents.length > 0) await storage.ensureRoom();
      // First into the key store, then confirmed to the server: no key is ever lost between the two.
      await encryption.receive(changes);
      onDeviceMessages(changes.toDeviceEvents);
      const since = answer.extensions.to_device?.next_batch ?? position.since;
      const next = { pos: answer.pos, since };
      await storage.write([{ table: 'values', key: encryptionPositionKey, value: next }]);
      position = next;
      isMoreWaiting = changes.toDeviceEvents.length >= mostMessages;
      return answer.pos;
    },
    // `since` stays: messages to the device belong to it, not to the connection.
    async restart() {
      position = { ...position, pos: null };
    },
    onState: () => undefined,
  };
}

function toDevice(since: string | null): object {
  return { enabled: true, limit: mostMessages, ...(since === null ? {} : { since }) };
}

function changesIn({ extensions }: z.infer<typeof answerSchema>, isFirst: boolean): EncryptionChanges {
  const { e2ee } = extensions;
  return {
    toDeviceEvents: extensions.to_device?.events ?? [],
    deviceLists: e2ee?.device_lists ?? { changed: [], left: [] },
    isFirst,
    ...(e2ee?.device_one_time_keys_count ? { oneTimeKeyCounts: e2ee.device_one_time_keys_count } : {}),
    ...(e2ee?.device_unused_fallback_key_types ? { unusedFallbackKeys: e2ee.device_unused_fallback_key_types } : {}),
  };
}
