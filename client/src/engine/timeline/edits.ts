/** The parts of an event that decide whether it may replace another one. */
export interface EditCandidate {
  readonly senderId: string;
  readonly sentAt: number;
  readonly isEncrypted: boolean;
  readonly isReadable: boolean;
  readonly isRedacted: boolean;
}

/**
 * Picks the edit to show. An edit counts only from the same sender and with no less protection than the original:
 * a homeserver could otherwise put plain text of its own in the place of an encrypted message
 * (RUSTSEC-2026-0158).
 */
export function latestTrustedEdit<T extends EditCandidate>(
  original: Pick<EditCandidate, 'senderId' | 'isEncrypted'>,
  edits: readonly T[],
): T | null {
  const trusted = edits.filter(
    (edit) =>
      edit.senderId === original.senderId &&
      !edit.isRedacted &&
      edit.isReadable &&
      (edit.isEncrypted || !original.isEncrypted),
  );
  return trusted.toSorted((a, b) => a.sentAt - b.sentAt).at(-1) ?? null;
}
