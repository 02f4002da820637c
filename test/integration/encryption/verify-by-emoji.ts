import type { Verification } from '../../../client/src/engine/protocol.ts';
import type { Device } from '#test/harness/encryption/device.ts';
import { waitUntil } from '#test/harness/wait-until.ts';

/** Both sides compare the same emojis and confirm. */
export async function verifyByEmoji(asking: Device, answering: Device): Promise<void> {
  await compareEmojis(asking, answering);
  await Promise.all([asking, answering].map((device) => device.encryption.verification.confirm(true)));
  await Promise.all([phase(asking, 'done'), phase(answering, 'done')]);
}

/** Asks, accepts, starts. Resolves with what both see, when both see it. */
export async function compareEmojis(asking: Device, answering: Device) {
  await asking.encryption.verification.request(answering.account.userId, null);
  expectIncoming(await phase(answering, 'requested'));
  await answering.encryption.verification.accept();
  await Promise.all([phase(asking, 'ready'), phase(answering, 'ready')]);
  await asking.encryption.verification.compareEmojis();
  const [seen, shown] = await Promise.all([phase(asking, 'compare'), phase(answering, 'compare')]);
  return [seen.emojis, shown.emojis] as const;
}

/** Resolves when the device's verification is there. */
export function phase<P extends Verification['phase']>(
  device: Device,
  wanted: P,
): Promise<Extract<Verification, { phase: P }>> {
  return waitUntil(`the phase ${wanted}`, () => {
    const verification = device.verification();
    return isPhase(verification, wanted) ? verification : undefined;
  });
}

function isPhase<P extends Verification['phase']>(
  verification: Verification,
  wanted: P,
): verification is Extract<Verification, { phase: P }> {
  return verification.phase === wanted;
}

function expectIncoming({ isIncoming }: { readonly isIncoming: boolean }): void {
  if (!isIncoming) throw new Error('the request is not shown as one that came in');
}
