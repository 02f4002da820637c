/** The encryption connection of sliding sync (MSC4186) at its smallest: feeds one `Encryption` until it is stopped. */
import { z } from 'zod';
import type { Encryption, EncryptionChanges } from '../../../client/src/engine/encryption/encryption.ts';
import { accepted } from '#test/harness/matrix/rooms.ts';
import type { MatrixSession } from '#test/harness/matrix/session.ts';

const answerSchema = z.object({
  pos: z.string(),
  extensions: z.object({
    to_device: z.object({ next_batch: z.string(), events: z.array(z.unknown()).default([]) }),
    e2ee: z
      .object({
        device_one_time_keys_count: z.record(z.string(), z.number()).optional(),
        device_unused_fallback_key_types: z.array(z.string()).optional(),
        device_lists: z
          .object({ changed: z.array(z.string()).default([]), left: z.array(z.string()).default([]) })
          .default({ changed: [], left: [] }),
      })
      .default({ device_lists: { changed: [], left: [] } }),
  }),
});
type Answer = z.infer<typeof answerSchema>;

export interface EncryptionFeed {
  /** To-device events that the device has taken in, in order. */
  readonly received: readonly unknown[];
  /** Throws what made the feed end before it was stopped. */
  stop(): Promise<void>;
}

const path = '/unstable/org.matrix.simplified_msc3575/sync';
const pollMs = 1_000;

export function feedEncryption(session: MatrixSession, encryption: Pick<Encryption, 'receive'>): EncryptionFeed {
  const stopping = new AbortController();
  const received: unknown[] = [];
  const feed: EncryptionFeed = {
    received,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
  async function run(): Promise<void> {
    let position: { pos: string; since: string } | null = null;
    while (!stopping.signal.aborted) {
      const answer = await poll(session, position);
      if (stopping.signal.aborted) return;
      await encryption.receive(changesOf(answer, position === null));
      received.push(...answer.extensions.to_device.events);
      position = { pos: answer.pos, since: answer.extensions.to_device.next_batch };
    }
  }
  const ended = run();
  // An unfinished test asks for it at its end.
  ended.catch(() => undefined);
  return feed;
}

async function poll(session: MatrixSession, position: { pos: string; since: string } | null): Promise<Answer> {
  const query = position === null ? '?timeout=0' : `?timeout=${pollMs}&pos=${encodeURIComponent(position.pos)}`;
  const toDevice = { enabled: true, ...(position !== null && { since: position.since }) };
  const body = { conn_id: 'encryption', lists: {}, extensions: { to_device: toDevice, e2ee: { enabled: true } } };
  return answerSchema.parse(accepted(await session.request('POST', path + query, body)));
}

function changesOf({ extensions }: Answer, isFirst: boolean): EncryptionChanges {
  const { device_lists: deviceLists, ...keys } = extensions.e2ee;
  return {
    toDeviceEvents: extensions.to_device.events,
    deviceLists,
    ...(keys.device_one_time_keys_count && { oneTimeKeyCounts: keys.device_one_time_keys_count }),
    ...(keys.device_unused_fallback_key_types && { unusedFallbackKeys: keys.device_unused_fallback_key_types }),
    isFirst,
  };
}
