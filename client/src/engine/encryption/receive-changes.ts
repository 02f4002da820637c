/** Hands what the encryption connection brings to the SDK, after checking the shape the SDK relies on. */
import { z } from 'zod';
import type { EncryptionChanges } from './encryption.ts';
import type { Machine } from './open-machine.ts';

/** One malformed message must not keep the ones beside it from coming in, now and at every later try. */
const toDeviceEventSchema = z.looseObject({
  type: z.string(),
  sender: z.string(),
  content: z.record(z.string(), z.unknown()),
});

const userIdPattern = /^@[^:]*:.+$/;

/** Settles when every key in it is stored. */
export async function receiveChanges({ crypto }: Machine, changes: EncryptionChanges): Promise<void> {
  if (changes.isFirst) await crypto.markAllTrackedUsersAsDirty();
  await crypto.processSyncChanges({
    toDeviceEvents: changes.toDeviceEvents.flatMap((event) => toDeviceEventSchema.safeParse(event).data ?? []),
    deviceLists: {
      changed: changes.deviceLists.changed.filter(isUserId),
      left: changes.deviceLists.left.filter(isUserId),
    },
    ...(changes.oneTimeKeyCounts && { oneTimeKeysCounts: { ...changes.oneTimeKeyCounts } }),
    ...(changes.unusedFallbackKeys && { unusedFallbackKeys: [...changes.unusedFallbackKeys] }),
    useMsc4186: true,
  });
  crypto.onSyncCompleted({});
}

function isUserId(value: string): boolean {
  return userIdPattern.test(value);
}
