import { describe, expect, it } from 'vitest';
import { latestTrustedEdit, type EditCandidate } from './edits.ts';

const sender = '@katrin.vogelsang:land.hessen.test';
const edit = (options: Partial<EditCandidate>): EditCandidate => ({
  senderId: sender,
  sentAt: 1,
  isEncrypted: true,
  isReadable: true,
  isRedacted: false,
  ...options,
});

describe('latestTrustedEdit', () => {
  const original = { senderId: sender, isEncrypted: true };

  it('takes the newest edit of the same sender', () => {
    const newest = edit({ sentAt: 3 });
    expect(latestTrustedEdit(original, [newest, edit({ sentAt: 2 })])).toBe(newest);
  });

  it('refuses plain text in the place of an encrypted message', () => {
    expect(latestTrustedEdit(original, [edit({ isEncrypted: false, sentAt: 9 })])).toBeNull();
  });

  it('falls back to the last encrypted edit when a plain one follows', () => {
    const encrypted = edit({ sentAt: 2 });
    expect(latestTrustedEdit(original, [encrypted, edit({ isEncrypted: false, sentAt: 9 })])).toBe(encrypted);
  });

  it.each([
    ['of another sender', { senderId: '@fremd:fremd.test' }],
    ['that cannot be read', { isReadable: false }],
    ['that was deleted', { isRedacted: true }],
  ])('ignores an edit %s', (_which, options) => {
    expect(latestTrustedEdit(original, [edit(options)])).toBeNull();
  });
});
