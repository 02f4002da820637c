import { FailureError } from '../failures.ts';
import { AttachmentTooLargeError } from '../media/attachment-errors.ts';
import type { SessionMedia } from '../media/media.ts';
import type { FileAction } from './queue-entry.ts';
import type { Progress } from './send-entry.ts';

/** @returns the content of the file's event, with what the person wrote below it. @throws FailureError `too-large` */
export async function uploadFile(
  media: SessionMedia,
  { name, mimeType, content }: FileAction,
  bytes: Uint8Array<ArrayBuffer>,
  { signal, onUploading }: Progress,
): Promise<Readonly<Record<string, unknown>>> {
  const file = new Blob([bytes], { type: mimeType });
  const caption = typeof content['body'] === 'string' ? content['body'] : '';
  try {
    const uploaded = await media.uploadAttachment({ file, name, caption }, { signal, onProgress: onUploading });
    return { ...uploaded, ...content };
  } catch (error) {
    if (error instanceof AttachmentTooLargeError) throw new FailureError({ kind: 'too-large', bytesMax: error.bytesMax });
    throw error;
  }
}
