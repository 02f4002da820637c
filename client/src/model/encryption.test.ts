import { describe, expect, it, vi } from 'vitest';
import type { Engine, EncryptionStatus } from '../engine/protocol.ts';
import { Encryption } from './encryption.svelte.ts';
import { fakeEngine } from './testing.ts';

const status = (state: EncryptionStatus['state']): EncryptionStatus => ({
  state,
  isBackupActive: false,
  hasOtherDevices: false,
});

function anEncryption(answers: Partial<Engine> = {}) {
  return new Encryption(fakeEngine(answers).engine);
}

describe('Encryption', () => {
  it('puts its task in front after signing in, and only reminds of it later', () => {
    const restored = anEncryption();
    restored.apply(status('missing'));
    expect([restored.task, restored.isTaskInFront]).toEqual(['set-up', false]);
    const fresh = anEncryption();
    fresh.rememberPassword('secret');
    fresh.apply(status('missing'));
    expect(fresh.isTaskInFront).toBe(true);
    fresh.postpone();
    expect([fresh.task, fresh.isTaskInFront]).toEqual(['set-up', false]);
  });

  it('sets up with the password just typed, and shows the code until it is noted down', async () => {
    const setUpEncryption = vi.fn<Engine['setUpEncryption']>(async () => ({
      ok: true,
      value: { recoveryCode: 'EsTc' },
    }));
    const encryption = anEncryption({ setUpEncryption });
    encryption.rememberPassword('secret');
    encryption.apply(status('missing'));
    await encryption.setUp(null, null);
    encryption.apply(status('ready'));
    expect(setUpEncryption.mock.calls).toEqual([['secret', null]]);
    expect([encryption.recoveryCode, encryption.task]).toEqual(['EsTc', 'set-up']);
    encryption.confirmCode();
    expect([encryption.task, encryption.needsPassword]).toEqual([null, true]);
  });

  it('asks for the password again where the one it had is wrong', async () => {
    const encryption = anEncryption({
      setUpEncryption: async () => ({ ok: false, failure: { kind: 'wrong-credentials' } }),
    });
    encryption.rememberPassword('old');
    await encryption.setUp(null, null);
    expect([encryption.needsPassword, encryption.failure?.kind]).toEqual([true, 'wrong-credentials']);
  });

  it('keeps the failure of a wrong recovery code for the screen', async () => {
    const encryption = anEncryption({
      recover: async () => ({ ok: false, failure: { kind: 'wrong-recovery-code' } }),
    });
    expect(await encryption.recover('falsch')).toBe(false);
    expect([encryption.failure?.kind, encryption.isWorking]).toEqual(['wrong-recovery-code', false]);
  });
});
