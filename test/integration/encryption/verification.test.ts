/** Verification by emoji and by QR code, between own devices and between people. */
import { afterEach, describe, expect, test } from 'vitest';
import { signInDevice, stopDevices, untilReadable, type Device } from '#test/harness/encryption/device.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { accepted } from '#test/harness/matrix/rooms.ts';
import { z } from 'zod';
import { newPerson, roomOf, trustIn } from './people.ts';
import { compareEmojis, phase, verifyByEmoji } from './verify-by-emoji.ts';

afterEach(stopDevices);

describe('by emoji', () => {
  test('a new device becomes one of its owner’s without the recovery code, and others write to it', async () => {
    const { device: anna } = await newPerson('anna');
    const { device: ben } = await newPerson('ben');
    const second = await signInDevice(anna.account);
    await second.reaches('locked');

    await verifyByEmoji(second, anna);

    await second.reaches('ready');
    const room = await roomOf([ben, anna]);
    await untilReadable(second, room.roomId, await ben.send(room, 'an beide Geräte'));
  });

  test('shows both sides the same seven, and makes the other person verified', async () => {
    const { device: anna } = await newPerson('anna');
    const { device: ben } = await newPerson('ben');
    const room = await roomOf([anna, ben]);
    await untilReadable(ben, room.roomId, await anna.send(room, 'Hallo'));

    const [seen, shown] = await compareEmojis(anna, ben);
    expect(seen).toHaveLength(7);
    expect(seen).toEqual(shown);
    await anna.encryption.verification.confirm(true);
    await ben.encryption.verification.confirm(true);
    await phase(anna, 'done');

    await waitUntil('the trust', async () => ((await trustIn(anna, ben)) === 'verified' ? true : undefined));
  });

  test('is refused on both sides when one says that they differ, and nobody becomes verified', async () => {
    const { device: anna } = await newPerson('anna');
    const { device: ben } = await newPerson('ben');
    await compareEmojis(anna, ben);

    await ben.encryption.verification.confirm(false);

    expect(await phase(anna, 'cancelled')).toEqual({ phase: 'cancelled', reason: 'mismatch' });
    expect(await phase(ben, 'cancelled')).toEqual({ phase: 'cancelled', reason: 'mismatch' });
    expect(await trustIn(anna, ben)).toBe('unverified');
  });
});

const queriedSchema = z.object({
  master_keys: z.record(z.string(), z.object({ keys: z.record(z.string(), z.string()) })),
});

/** The public master key of a person, as the homeserver tells it. */
async function masterKeyOf({ account, session }: Device): Promise<string> {
  const body = { device_keys: { [account.userId]: [] } };
  const queried = queriedSchema.parse(accepted(await session.request('POST', '/v3/keys/query', body)));
  const [key] = Object.values(queried.master_keys[account.userId]?.keys ?? {});
  if (key === undefined) throw new Error('no master key');
  return key;
}

describe('a device whose id is the key of somebody’s identity', () => {
  test('is compared as a device, and makes nobody else verified', async () => {
    const { device: anna } = await newPerson('anna');
    const { device: mallory } = await newPerson('mallory');
    const room = await roomOf([anna, mallory]);
    await untilReadable(anna, room.roomId, await mallory.send(room, 'Hallo'));
    const named = await signInDevice(anna.account, { named: await masterKeyOf(mallory) });
    await named.reaches('locked');

    await verifyByEmoji(named, anna);

    await named.reaches('ready');
    expect(await trustIn(anna, mallory)).toBe('unverified');
  });
});

describe('by QR code', () => {
  test('the one who shows it confirms that it was scanned', async () => {
    const { device: anna } = await newPerson('anna');
    const second = await signInDevice(anna.account);
    await second.reaches('locked');
    await second.encryption.verification.request(anna.account.userId, null);
    await phase(anna, 'requested');
    await anna.encryption.verification.accept();
    const { qrCode } = await phase(anna, 'ready');
    await phase(second, 'ready');

    await second.encryption.verification.scanned(qrCode ?? new Uint8Array());
    await phase(anna, 'confirm-scan');
    await anna.encryption.verification.confirm(true);

    await phase(second, 'done');
    await second.reaches('ready');
  });
});
