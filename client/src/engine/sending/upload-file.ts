import type { SessionMedia } from '../media/media.ts';
import type { FileAction } from './queue-entry.ts';
import type { Progress } from './send-entry.ts';

/** @returns the content of the file's event, with what the person wrote below it. */
export async function uploadFile(
  media: SessionMedia,
  { name, mimeType, content }: FileAction,
  bytes: Uint8Array<ArrayBuffer>,
  { signal, onUploading }: Progress,
): Promise<Readonly<Record<string, unknown>>> {
  const file = new Blob([bytes], { type: mimeType });
  const uploaded = await media.uploadAttachment({ file, name }, { signal, onProgress: onUploading });
  return { ...uploaded, ...content };
}
