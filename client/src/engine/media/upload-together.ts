import type { Mxc } from '../matrix/mxc.ts';
import type { MediaApi } from './media-api.ts';

export interface UploadProgress {
  /** Bytes of ciphertext, thumbnail included. */
  readonly onProgress: (sentBytes: number, totalBytes: number) => void;
  readonly signal: AbortSignal;
}

/** Uploads one after the other and reports their progress as one. @returns addresses in the same order. */
export async function uploadTogether(
  api: MediaApi,
  uploads: readonly Uint8Array<ArrayBuffer>[],
  { onProgress, signal }: UploadProgress,
): Promise<readonly Mxc[]> {
  const totalBytes = uploads.reduce((sum, { length }) => sum + length, 0);
  const addresses: Mxc[] = [];
  let doneBytes = 0;
  onProgress(0, totalBytes);
  for (const bytes of uploads) {
    const before = doneBytes;
    const report = (sentBytes: number): void => onProgress(before + Math.min(sentBytes, bytes.length), totalBytes);
    addresses.push(await api.upload(bytes, { onProgress: report, signal }));
    doneBytes += bytes.length;
  }
  onProgress(totalBytes, totalBytes);
  return addresses;
}
